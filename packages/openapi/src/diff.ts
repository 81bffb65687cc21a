import type { Operation } from './operation.ts';

/** What differs between two lists of operations. */
export interface OperationsDiff {
  readonly added: readonly Operation[];
  readonly removed: readonly Operation[];
  readonly changed: readonly OperationChange[];
}

/** An operation that is in both lists, and not the same. */
export interface OperationChange {
  readonly before: Operation;
  readonly after: Operation;
  /** What changed, in words for a person: `security: open → api-key`. */
  readonly changes: readonly string[];
  /** Whether a caller who did everything right before may be refused now. */
  readonly breaking: boolean;
}

/** Compares operations by method and path, whatever the path's variables are called. */
export function diffOperations(before: readonly Operation[], after: readonly Operation[]): OperationsDiff {
  const old = new Map(before.map((operation) => [keyOf(operation), operation]));
  const now = new Map(after.map((operation) => [keyOf(operation), operation]));
  return {
    added: after.filter((operation) => !old.has(keyOf(operation))),
    removed: before.filter((operation) => !now.has(keyOf(operation))),
    changed: after.flatMap((operation) => {
      const former = old.get(keyOf(operation));
      const change = former === undefined ? undefined : compare(former, operation);
      return change === undefined ? [] : [change];
    }),
  };
}

function keyOf({ method, path }: Operation): string {
  return `${method} ${path.replaceAll(/\{[^{}=]*/g, '{')}`;
}

function compare(before: Operation, after: Operation): OperationChange | undefined {
  const changes: string[] = [];
  let breaking = false;
  const say = (what: string, from: string | undefined, to: string | undefined): void => {
    if (from !== to) changes.push(`${what}: ${from ?? 'none'} → ${to ?? 'none'}`);
  };
  say('operationId', before.operationId, after.operationId);
  say('security', before.security, after.security);
  if (demandsMore(before.security, after.security)) breaking = true;
  say('backend', before.backend, after.backend);
  say('deprecated', String(before.deprecated ?? false), String(after.deprecated ?? false));
  const known = new Map(
    before.parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]),
  );
  for (const parameter of after.parameters) {
    const label = `${parameter.in} parameter ${parameter.name}`;
    const former = known.get(`${parameter.in} ${parameter.name}`);
    known.delete(`${parameter.in} ${parameter.name}`);
    // A path parameter is compared by its place in the path.
    if (parameter.in === 'path') continue;
    if (former === undefined) changes.push(`${label}: added${parameter.required ? ', required' : ''}`);
    else if (former.required !== parameter.required)
      changes.push(`${label}: ${parameter.required ? 'required' : 'optional'} now`);
    if (parameter.required && former?.required !== true) breaking = true;
  }
  for (const { in: where, name } of known.values())
    if (where !== 'path') changes.push(`${where} parameter ${name}: removed`);
  return changes.length === 0 ? undefined : { before, after, changes, breaking };
}

function demandsMore(before: Operation['security'], after: Operation['security']): boolean {
  const held = before.split('+');
  return after !== 'open' && after.split('+').some((demand) => !held.includes(demand));
}
