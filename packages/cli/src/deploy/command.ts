import { Command } from 'commander';
import { readPort } from '../cloud/options.ts';
import type { End } from '../status.ts';
import { type DeployFlags, USUAL } from './flags.ts';

/** `gangway deploy`. */
export function deployCommand(end: End): Command {
  return new Command('deploy')
    .description('Build and deploy a folder with a Dockerfile to the local cloud, without a workflow.')
    .argument('[dir]', 'the folder that has the Dockerfile', '.')
    .option('--service <name>', "name of the service (default: the folder's)")
    .option('--region <region>', 'region of Google Cloud', 'us-central1')
    .option('--repository <name>', 'repository of Artifact Registry', 'apis')
    .option(
      '--spec-command <command>',
      'prints the OpenAPI document in the image (default: found for FastAPI)',
    )
    .option('--spec <file>', 'the OpenAPI document, from the folder (default: openapi.yaml and such)')
    .option('--public', 'let anyone call a service without an OpenAPI document, which has no gateway')
    .option('--write-workflow [file]', `write the workflow that does the same on GitHub (default: ${USUAL})`)
    .option('-k, --keep', 'leave it running, until gangway down')
    .option('-w, --watch', 'deploy again when a file changes, until Control-C')
    .option('-v, --verbose', 'print everything that steps print')
    .option('-p, --port <port>', 'port of the local cloud; 0 takes a free one', readPort, 0)
    .addHelpText(
      'after',
      `
A service with an OpenAPI document is put behind API Gateway with an API key. Without a document, it is a Cloud Run
service that only callers with roles/run.invoker can call, or with --public anyone.

Examples:
  gangway deploy --keep
  gangway deploy services/prices --service prices
  gangway deploy --write-workflow
  gangway deploy --spec-command "python -m shop.openapi"`,
    )
    .action(async (folder: string, flags: DeployFlags) => {
      const { deploy } = await import('../on-demand.ts');
      end(await deploy(folder, flags));
    });
}
