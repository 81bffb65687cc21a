import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ActionError, type CommandOptions, type CommandResult, command } from '@gangway/action';

/**
 * The command `gangway` of this version: beside this action's bundle in the repository, and around it in the package of the command.
 *
 * @throws ActionError `incomplete` where neither is there
 */
export function gangwayScript(): string {
  const [, script = ''] = process.argv;
  const folder = dirname(resolve(script));
  const places = ['../gangway/index.js', '../../../index.js'].map((path) => join(folder, path));
  const found = places.find((path) => existsSync(path));
  if (found) return found;
  throw new ActionError(`The command gangway is not beside this action, at ${places[0]}.`, {
    code: 'incomplete',
    hint: 'use the action from its repository, gangway-dev/gangway/actions/setup-local-cloud: what a copy of one folder lacks is in dist/gangway',
  });
}

/** Runs the command in the workspace, with the Node that runs this step. */
export function gangway(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return command(process.execPath, [gangwayScript(), ...args], {
    cwd: process.env.GITHUB_WORKSPACE || process.cwd(),
    quiet: true,
    ...options,
  });
}
