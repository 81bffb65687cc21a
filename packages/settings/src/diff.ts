import type { Json } from './normal.ts';

/** One difference: where, and the values before and after; one of them undefined where there is none. */
export interface Change {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** How a value is shown that may be a secret: a word for it, never the value. */
export type Shown = (value: Json | undefined) => string | undefined;

/**
 * What differs between two normal values. Members of lists that have names go by them, others by their index.
 *
 * @param path where they are
 * @param secret says by its path which value may be a secret, and how it is shown; default: that of an environment variable
 */
export function diff(
  before: Json | undefined,
  after: Json | undefined,
  path = '',
  secret: (path: string) => Shown | undefined = variable,
): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const hidden = secret(path);
  if (hidden) return [{ path, before: hidden(before), after: hidden(after) }];
  if (isRecord(before) || isRecord(after)) {
    const [left, right] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return names.flatMap((name) => diff(left[name], right[name], path ? `${path}.${name}` : name, secret));
  }
  if (isNamed(before) || isNamed(after)) {
    const [left, right] = [byName(before), byName(after)];
    const names = [...new Set([...left.keys(), ...right.keys()])];
    return names.flatMap((name) => diff(left.get(name), right.get(name), `${path}[${name}]`, secret));
  }
  return [{ path, before: shown(before), after: shown(after) }];
}

/** Lines as a person reads them: `+` is new, `-` goes, `~` changes. */
export function diffLines(changes: readonly Change[]): string[] {
  return changes.map(({ path, before, after }) => {
    if (before === undefined) return `+ ${path}: ${after}`;
    if (after === undefined) return `- ${path}: ${before}`;
    return before === after ? `~ ${path}: another value` : `~ ${path}: ${before} → ${after}`;
  });
}

function variable(path: string): Shown | undefined {
  return /\.env\[[^\]]*\]$/.test(path) ? shownVariable : undefined;
}

/** A variable by where its value is from. */
function shownVariable(variable: Json | undefined): string | undefined {
  if (!isRecord(variable)) return undefined;
  const { valueSource } = variable as {
    valueSource?: { secretKeyRef?: { secret: string; version?: string } };
  };
  const reference = valueSource?.secretKeyRef;
  return reference ? `secret ${reference.secret}:${reference.version ?? 'latest'}` : '(a value)';
}

function isRecord(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value) && value.some(isRecord);
}

function byName(value: Json | undefined): Map<string, Json> {
  const items: readonly Json[] = Array.isArray(value) ? value : [];
  return new Map(
    items.map((item, index) => {
      const { name, mountPath } = isRecord(item) ? (item as { name?: Json; mountPath?: Json }) : {};
      return [String(mountPath ?? name ?? index), item];
    }),
  );
}

function shown(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
