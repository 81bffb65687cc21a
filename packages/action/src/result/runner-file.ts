import { randomUUID } from 'node:crypto';
import { appendFileSync, statSync, truncateSync } from 'node:fs';

/**
 * Adds names and values to one of the runner's files, all or none.
 *
 * @throws the system's error
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
export function appendPairs(path: string, pairs: readonly (readonly [name: string, value: string])[]): void {
  append(path, pairs.map(([name, value]) => formatted(name, value)).join(''));
}

function formatted(name: string, value: string): string {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

/** Adds a text to one of the runner's files, whole or not at all. @throws the system's error */
export function append(path: string, text: string): void {
  const { size } = statSync(path);
  try {
    appendFileSync(path, text);
  } catch (error) {
    try {
      // Half a value would make the runner say something else than the error does.
      truncateSync(path, size);
    } catch {
      // The first error tells more.
    }
    throw error;
  }
}
