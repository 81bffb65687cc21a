import { PairError } from './pair.ts';

/**
 * Takes out the backslashes that keep the character behind them from having a meaning. google-github-actions takes
 * out all others too, so that `\n` becomes `n` and a regular expression another one: that is nobody's intention, and
 * refused.
 *
 * @param where the line, and whose value it is, for errors
 * @throws PairError
 */
export function unescaped(raw: string, { line, name }: { line: number; name: string }): string {
  if (!raw.includes('\\')) return raw;
  const value = raw.replace(/\\([\s\S]?)/g, (_, next: string) => {
    if (next === '')
      throw new PairError(
        line,
        `ends the value of ${name} with a backslash that has nothing behind it`,
        'write "\\\\" for a backslash',
      );
    if (!/[,=\\"'#\s]/.test(next))
      throw new PairError(
        line,
        `gives ${name} a backslash that would be taken out`,
        'write "\\\\" for a backslash that is part of a value, or put the value as it is between NAME=""" and """',
      );
    return next;
  });
  if (isJson(raw) && !isJson(value))
    throw new PairError(
      line,
      `gives ${name} JSON that is no longer valid once its backslashes are taken out`,
      'double each backslash, or put the JSON as it is between NAME=""" and """',
    );
  return value;
}

/** Whether a text is a JSON object or list. */
export function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
