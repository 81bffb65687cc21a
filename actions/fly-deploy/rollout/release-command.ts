import { ActionError, cancellation, log } from '@gangway/action';
import { type Fly, getMachine, lastExit, readLogs } from '@gangway/fly';

export interface ReleaseCommand {
  readonly machine: string;
  /** Undefined when it did not get as far. */
  readonly exitCode: number | undefined;
  /** All that it wrote; undefined when the token may not read it. */
  readonly lines: readonly string[] | undefined;
}

/** Lines that an error quotes. */
const LAST = 15;

/**
 * Shows the whole log of the machine that ran the release command, and tells how it ended.
 *
 * @param output what flyctl wrote, which names the machine
 * @returns undefined when no such machine was made
 */
export async function showReleaseCommand(
  fly: Fly,
  app: string,
  command: string,
  output: string,
): Promise<ReleaseCommand | undefined> {
  const machine = /release_command machine (\w+)/.exec(output)?.[1];
  if (!machine) return undefined;
  const [lines, found] = await Promise.all([readLogs(fly, app, machine), getMachine(fly, app, machine)]);
  cancellation.throwIfAborted();
  if (lines) {
    await log.group(`Log of the release command: ${command}`, async () => log.output(lines.join('\n')));
  } else {
    log.warning(
      `The token may not read logs, as is usual for deploy tokens: the log of the release command is on fly.io/apps/${app}/monitoring, or "fly logs --app ${app} --machine ${machine}" shows it.`,
    );
  }
  const exit = found && lastExit(found);
  const said = /with exit code (\d+)/.exec(output)?.[1];
  return { machine, exitCode: exit?.exit_code ?? (said === undefined ? undefined : Number(said)), lines };
}

/** The error of a release command that failed, with its last lines. */
export function releaseCommandError(
  command: string,
  { machine, exitCode, lines }: ReleaseCommand,
  rolledOut: boolean,
): ActionError {
  const last = lines
    ?.slice(-LAST)
    .map((line) => `| ${line}`)
    .join('\n');
  const effect = rolledOut ? '' : '; nothing was rolled out';
  return new ActionError(
    `The release command "${command}" failed with exit code ${exitCode} on the machine ${machine}${effect}.${last ? ` It ended with:\n${last}` : ''}`,
    {
      code: 'release-command-failed',
      hint: 'fix the command, and deploy again; the app keeps running as it was',
    },
  );
}
