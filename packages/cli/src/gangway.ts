import { Command, CommanderError } from 'commander';
import { Misuse } from './misuse.ts';
import { openapiCommand } from './openapi/command.ts';
import type { Status } from './status.ts';
import { VERSION } from './version.ts';

/**
 * The command `gangway`.
 *
 * @param args as given, without the program
 * @returns exit status
 */
export function gangway(args: readonly string[]): Status {
  let status: Status = 0;
  const program = new Command('gangway')
    .description('From a container to a protected API on Google Cloud: what the actions do, on your machine.')
    .version(VERSION, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Print this help')
    .helpCommand(false)
    .addCommand(
      openapiCommand((found) => {
        status = found;
      }),
    );
  for (const command of everyCommand(program)) {
    command.exitOverride().showHelpAfterError(`Run "${pathOf(command)} --help" for how to use it.`);
    command.configureHelp({ showGlobalOptions: false });
  }
  // `| head` closes the pipe: nobody is left to tell.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    program.parse(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Misuse)) throw error;
    console.error(`error: ${error.message}`);
    return 2;
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
