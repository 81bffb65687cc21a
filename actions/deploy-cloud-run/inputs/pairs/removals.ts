import { invalid } from '@gangway/action';

/** Names of what is to be removed. @throws ActionError for one with a value, or one that is set by another input too */
export function readRemovals(
  name: string,
  names: readonly string[],
  given: Readonly<Record<string, unknown>> | undefined,
  beside: string,
): readonly string[] {
  for (const one of names) {
    if (/[=:]/.test(one)) throw invalid(name, one, 'write names alone, without values');
    if (given && Object.hasOwn(given, one)) throw invalid(name, one, `${one} is in ${beside} too; keep one`);
  }
  return names;
}
