import { type Change, diff, type Json } from '@gangway/action';

/** What differs between two normal templates. Values of environment variables are not shown: they may be secrets. */
export function differences(before: Json | undefined, after: Json | undefined): Change[] {
  return diff(before, after, (path) => (/\.env\[[^\]]*\]$/.test(path) ? shownVariable : undefined));
}

/** A variable by where its value is from. */
function shownVariable(variable: Json | undefined): string | undefined {
  if (typeof variable !== 'object' || variable === null) return undefined;
  const { valueSource } = variable as {
    valueSource?: { secretKeyRef?: { secret: string; version?: string } };
  };
  const reference = valueSource?.secretKeyRef;
  return reference ? `secret ${reference.secret}:${reference.version ?? 'latest'}` : '(a value)';
}
