import { Command } from 'commander';
import { readPort } from '../cloud/options.ts';
import { Misuse } from '../misuse.ts';
import type { End } from '../status.ts';
import type { RunFlags } from './flags.ts';

/** `gangway run`. */
export function runCommand(end: End): Command {
  return new Command('run')
    .description('Run a workflow of this repository on this machine, offline, against the local cloud.')
    .argument(
      '[workflow]',
      'a file of .github/workflows, its name, or the name in it (default: the one that deploys)',
    )
    .option(
      '-e, --event <name>',
      'what starts it: push, workflow_dispatch, pull_request … (default: the first of these that does)',
    )
    .option('-j, --job <id>', 'only this job and those that it needs')
    .option('-i, --input <name=value>', 'an input of workflow_dispatch; repeatable', pair, {})
    .option('--var <name=value>', 'a variable; repeatable. More come from .vars or --var-file', pair, {})
    .option('--var-file <file>', 'variables, as NAME=VALUE lines')
    .option('--secret <name>', 'a secret, which is read from the environment; repeatable', several, [])
    .option('--secret-file <file>', 'secrets, as NAME=VALUE lines (default: .secrets)')
    .option(
      '--actions <folder>',
      "a folder with the actions of others: OWNER/NAME, or a runner's _actions; repeatable",
      several,
      [],
    )
    .option('--fetch', 'fetch actions that are not on this machine from GitHub, once')
    .option('--skip <owner/name>', 'leave an action out; repeatable', several, [])
    .option('-k, --keep', 'leave what was deployed running, until gangway down')
    .option('-w, --watch', 'run again when a file changes, until Control-C')
    .option('-v, --verbose', 'print everything that steps print')
    .option('-p, --port <port>', 'port of the local cloud; 0 takes a free one', readPort, 0)
    .addHelpText(
      'after',
      `
The repository is copied as it is here, with what is not committed. gangway-dev/gangway at any reference is this
version. actions/checkout checks the copy out. Actions of others run from a folder of --actions, from where a
runner or act keeps them, or from what --fetch fetched; for some that need GitHub's services, such as
actions/cache, another stands in and says so.

Variables and secrets that the workflow names and nobody gives are made up, and shown. Service accounts,
workload identity providers, repositories and projects that it names are made, and the apps of fly.toml.

Exit status: 0 the workflow succeeded, 1 it failed, 2 it could not start.

Examples:
  gangway run
  gangway run deploy --event push --keep
  gangway run release --input environment=staging --job deploy
  gangway run --var REGION=europe-west1 --secret API_TOKEN --watch`,
    )
    .action(async (asked: string | undefined, flags: RunFlags) => {
      const { runWorkflow } = await import('../on-demand.ts');
      end(await runWorkflow(asked, flags));
    });
}

function pair(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value = ''] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  if (!name) throw new Misuse(`"${text}" is not NAME=VALUE.`);
  return { ...before, [name]: value };
}

function several(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
