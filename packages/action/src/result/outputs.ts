import { randomUUID } from 'node:crypto';
import { appendFileSync, statSync, truncateSync } from 'node:fs';
import { ActionError } from '../error.ts';
import { isMasked, log } from '../log/log.ts';
import { systemError } from '../system-error.ts';

/**
 * Sets the outputs of the step, all or none; booleans and lists become the strings a workflow compares. Outside of a
 * runner they go to the log.
 *
 * @throws ActionError `outputs-lost` when they can't be written: the step fails then though its work is done, as later
 *   steps would get empty values; the error says what they are, but for those that are masked
 */
export function setOutputs(outputs: Readonly<Record<string, string | boolean | readonly string[]>>): void {
  const values = Object.entries(outputs).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join('\n') : String(value)] as const,
  );
  const lines = values.map(([name, value]) => `  ${name}: ${isMasked(value) ? '***' : shown(value)}`);
  const { GITHUB_OUTPUT: path } = process.env;
  if (!path) {
    log.info(`Outputs:\n${lines.join('\n')}`);
    return;
  }
  try {
    append(path, values.map(([name, value]) => formatted(name, value)).join(''));
  } catch (error) {
    const cause = systemError(error);
    if (!cause) throw error;
    throw new ActionError(
      `The step did its work, but its outputs can't be written to GITHUB_OUTPUT. ${cause.message} They are:\n${lines.join('\n')}`,
      {
        code: 'outputs-lost',
        hint: `${cause.hint}; running the job again is safe: what is done already is not done twice`,
        cause,
      },
    );
  }
}

/** What GitHub's runner reads (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings). */
function formatted(name: string, value: string): string {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

function append(path: string, text: string): void {
  const { size } = statSync(path);
  try {
    appendFileSync(path, text);
  } catch (error) {
    try {
      // Half an output would make the runner say something else than the error does.
      truncateSync(path, size);
    } catch {
      // The first error tells more.
    }
    throw error;
  }
}

function shown(value: string): string {
  const line = value.replaceAll('\n', ', ');
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
