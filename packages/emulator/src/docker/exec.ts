import type { EngineConnection } from './connection.ts';
import { framesOf, type Output } from './frames.ts';

/** What is run in a container that runs. */
export interface Command {
  readonly words: readonly string[];
  /** `NAME=value` */
  readonly env?: readonly string[];
  readonly directory?: string;
  /** Gets what it writes, as it comes. */
  readonly onOutput?: (output: Output) => void;
  /** Milliseconds after which it is given up, and what it does is nobody's any more; default: any. */
  readonly limit?: number;
}

/** Exit code of a command that was given up, as timeout(1) has it. */
const GIVEN_UP = 124;

/**
 * Runs a command in a container to its end, and returns its exit code (https://docs.docker.com/reference/api/engine/#tag/Exec).
 *
 * @throws EngineError where the container doesn't run
 */
export async function execIn(
  connection: EngineConnection,
  container: string,
  command: Command,
): Promise<number> {
  const { words, env, directory, onOutput, limit } = command;
  const body = {
    Cmd: words,
    AttachStdout: true,
    AttachStderr: true,
    ...(env && { Env: env }),
    ...(directory !== undefined && { WorkingDir: directory }),
  };
  const { Id: id } = (await connection.json('POST', `/containers/${container}/exec`, body)) as { Id: string };
  const answer = await connection.call('POST', `/exec/${id}/start`, {
    limit: Number.POSITIVE_INFINITY,
    body: { Detach: false, Tty: false },
  });
  const late = limit === undefined ? undefined : setTimeout(() => answer.destroy(), limit);
  try {
    for await (const output of framesOf(answer)) onOutput?.(output);
  } catch {
    // It was cut off: what it wrote until then is what there is.
    return GIVEN_UP;
  } finally {
    clearTimeout(late);
  }
  return ((await connection.json('GET', `/exec/${id}/json`)) as { ExitCode: number }).ExitCode;
}
