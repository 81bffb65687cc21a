import type { Operation, OperationParameter } from '../operation.ts';
import type { Change } from './change.ts';
import { areComparable, contractOf } from './contract.ts';
import { compareContracts } from './messages.ts';

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
  /** The same, each with whether it breaks callers and where it stands. */
  readonly details: readonly Change[];
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
  const details: Change[] = [];
  const both = areComparable(before, after);
  const [was, is] = [both ? contractOf(before) : undefined, contractOf(after)];
  const home = is?.place.slice(1) ?? '';
  const tell = (what: string, from: string | undefined, to: string | undefined, breaking = false): void => {
    if (from !== to)
      details.push({ text: `${what}: ${from ?? 'none'} → ${to ?? 'none'}`, breaking, pointer: home });
  };
  tell('operationId', before.operationId, after.operationId);
  tell('security', before.security, after.security, demandsMore(before.security, after.security));
  tell('backend', before.backend, after.backend);
  tell('deprecated', String(before.deprecated ?? false), String(after.deprecated ?? false));
  const seen = new Set<string>();
  if (was !== undefined && is !== undefined)
    compareContracts(was, is, (place, text, breaking) => {
      // What several media types share is said once.
      if (seen.has(`${text} ${breaking}`)) return;
      seen.add(`${text} ${breaking}`);
      details.push({ text, breaking, pointer: place.slice(1) });
    });
  else compareNames(before, after, (text, breaking) => details.push({ text, breaking, pointer: home }));
  if (details.length === 0) return undefined;
  const changes = details.map(({ text }) => text);
  return { before, after, changes, details, breaking: details.some(({ breaking }) => breaking) };
}

/** The names of parameters and whether they are required, where no more is known of them. */
function compareNames(
  before: Operation,
  after: Operation,
  say: (text: string, breaking: boolean) => void,
): void {
  const key = ({ in: where, name }: OperationParameter): string => `${where} ${name}`;
  const known = new Map(before.parameters.map((parameter) => [key(parameter), parameter]));
  for (const parameter of after.parameters) {
    const label = `${parameter.in} parameter ${parameter.name}`;
    const former = known.get(key(parameter));
    known.delete(key(parameter));
    // A path parameter is compared by its place in the path.
    if (parameter.in === 'path') continue;
    const { required } = parameter;
    if (former === undefined) say(`${label}: added${required ? ', required' : ''}`, required);
    else if (former.required !== required)
      say(`${label}: ${required ? 'required' : 'optional'} now`, required);
  }
  for (const { in: where, name } of known.values())
    if (where !== 'path') say(`${where} parameter ${name}: removed`, false);
}

function demandsMore(before: Operation['security'], after: Operation['security']): boolean {
  const held = before.split('+');
  return after !== 'open' && after.split('+').some((demand) => !held.includes(demand));
}
