import { Command, CommanderError } from 'commander';
import { Misuse } from './misuse.ts';
import type { End, Status } from './status.ts';
import { VERSION } from './version.ts';

/**
 * The command `gangway` with some of its commands.
 *
 * @param commands made with what they say how they ended to
 */
export function programOf(commands: (end: End) => readonly Command[], end: End): Command {
  const program = new Command('gangway')
    .description('From a container to a protected API on Google Cloud: what the actions do, on your machine.')
    .version(VERSION, '-V, --version', 'Print the version');
  for (const command of commands(end)) program.addCommand(command);
  for (const command of everyCommand(program)) {
    command.exitOverride().showHelpAfterError(`Run "${pathOf(command)} --help" for how to use it.`);
    command.helpOption('-h, --help', 'Print this help').helpCommand(false);
    command.configureHelp({ showGlobalOptions: false });
  }
  return program;
}

/**
 * Runs the command.
 *
 * @param args as given, without the program
 * @returns exit status
 */
export async function runProgram(
  args: readonly string[],
  commands: (end: End) => readonly Command[],
): Promise<Status> {
  let status: Status = 0;
  const program = programOf(commands, (found) => {
    status = found;
  });
  // `| head` closes the pipe: nobody is left to tell.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
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
