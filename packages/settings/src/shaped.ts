import { invalid } from '@gangway/action';

export function shaped(
  name: string,
  value: string | undefined,
  pattern: RegExp,
  hint: string,
): string | undefined {
  if (value !== undefined && !pattern.test(value)) throw invalid(name, value, hint);
  return value;
}

export function word(
  name: string,
  value: string | undefined,
  words: Readonly<Record<string, string>>,
): string | undefined {
  if (value === undefined) return undefined;
  const found = words[value];
  if (!found) throw invalid(name, value, `write one of ${Object.keys(words).join(', ')}`);
  return found;
}
