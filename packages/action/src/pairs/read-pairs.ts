import { log } from '../log/log.ts';
import { readLinePairs } from './line-pairs.ts';
import { readListedPairs } from './listed-pairs.ts';
import { byName, PairError, refusal } from './pair.ts';

/**
 * Reads one NAME=VALUE per line, as docs/pairs.md says.
 *
 * @param name of the input, for errors, which quote no line: it may be a part of a secret
 * @param names what a name may be
 * @throws ActionError `input-invalid`
 */
export function readLines(name: string, text: string, names = /./): Record<string, string> {
  return refusing(name, () => {
    const pairs = readLinePairs(text);
    const wrong = pairs.find((pair) => !names.test(pair.name));
    if (wrong)
      throw new PairError(
        wrong.line,
        'is not NAME=VALUE',
        'use a plain word, such as API_KEY, in the name of a secret, and put a value of several lines between NAME=""" and """',
      );
    return byName(name, pairs);
  });
}

/**
 * Reads pairs on lines of their own or separated by commas, as docs/pairs.md says, and warns of what may be meant
 * otherwise.
 *
 * @param name of the input, for errors, which quote no line: it may be a part of a secret
 * @returns undefined when there is none, and none for `{}`
 * @throws ActionError `input-invalid`
 */
export function readList(name: string, text: string): Record<string, string> | undefined {
  if (text.trim() === '{}') return {};
  return refusing(name, () => {
    const { pairs, warnings } = readListedPairs(text);
    const found = byName(name, pairs);
    for (const warning of warnings) log.warning(`Input "${name}": ${warning}.`);
    return pairs.length > 0 ? found : undefined;
  });
}

function refusing<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof PairError ? refusal(name, error) : error;
  }
}
