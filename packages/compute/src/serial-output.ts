import { GoogleError } from '@gangway/google-cloud';
import { fields, text } from '@gangway/http';
import type { Compute } from './compute.ts';

const OUTPUT = fields<{ contents?: string }>({ contents: text });
/** Characters of a line that are shown. */
const LONGEST = 300;

/**
 * The last lines that a machine wrote to its serial port, as a paragraph to end an error with. It never fails: a sentence says why
 * there are none.
 *
 * @param instance path of the instance below the project
 * @param lines how many at most
 */
export async function serialOutput(compute: Compute, instance: string, lines: number): Promise<string> {
  try {
    const { contents = '' } = await compute.read(`${instance}/serialPort`, OUTPUT, { query: { port: '1' } });
    const written = contents.split(/\r?\n/).filter((line) => line.trim() !== '');
    if (written.length === 0) return 'Its serial port shows nothing.';
    const last = written.slice(-lines).map((line) => `  ${line.slice(0, LONGEST)}`);
    return `The last lines of its serial port:\n${last.join('\n')}`;
  } catch (error) {
    if (error instanceof GoogleError && error.httpStatus === 403)
      return 'Its serial port is not shown: the account that deploys lacks the permission compute.instances.getSerialPortOutput.';
    return `Its serial port can't be read: ${error instanceof Error ? error.message : error}`;
  }
}
