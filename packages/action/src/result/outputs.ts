import { ActionError } from '../error.ts';
import { isMasked, log } from '../log/log.ts';
import { systemError } from '../system-error.ts';
import { appendPairs } from './runner-file.ts';

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
    appendPairs(path, values);
  } catch (error) {
    const cause = systemError(error);
    if (!cause) throw error;
    throw new ActionError(
      `The step did its work, but its outputs can't be written to GITHUB_OUTPUT. ${cause.message} They are:\n${lines.join('\n')}`,
      {
        code: 'outputs-lost',
        hint: `${cause.hint}; running the job again is safe: finished work is not repeated`,
        cause,
      },
    );
  }
}

function shown(value: string): string {
  const line = value.replaceAll('\n', ', ');
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
