import { asList, asObject, asText, type Json, type JsonObject, own } from '../json.ts';

/**
 * The names of definitions through which a cycle runs that Google rejects ("Invalid circular reference"): arrays,
 * maps and bare references. Cycles through objects are allowed, and what stands in allOf is not looked at.
 */
export function forbiddenCycles(definitions: JsonObject): readonly string[] {
  const edges = new Map(Object.entries(definitions).map(([name, schema]) => [name, targetsOf(schema)]));
  const cyclic = cyclicNames(edges);
  return Object.keys(definitions).filter((name) => cyclic.has(name) && isTransparent(definitions[name]));
}

/** Whether a schema is only a way to another: an array, a map, or a reference. */
export function isTransparent(value: Json | undefined): boolean {
  const schema = asObject(value);
  if (schema === undefined || own(schema, 'allOf') !== undefined) return false;
  if (typeof schema.$ref === 'string' || schema.type === 'array') return true;
  return (
    asObject(own(schema, 'additionalProperties')) !== undefined && own(schema, 'properties') === undefined
  );
}

function targetsOf(value: Json | undefined): readonly string[] {
  const schema = asObject(value);
  if (schema === undefined || own(schema, 'allOf') !== undefined) return [];
  const reference = asText(schema.$ref);
  if (reference !== undefined) return [reference.replace('#/definitions/', '')];
  return [
    ...Object.values(asObject(schema.properties) ?? {}),
    ...asList([schema.items ?? null, schema.additionalProperties ?? null]),
  ].flatMap(targetsOf);
}

/** The nodes that lie on a cycle: members of a strongly connected component with an edge inside (Tarjan). */
function cyclicNames(edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const indexes = new Map<string, number>();
  const lows = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const cyclic = new Set<string>();
  const connect = (start: string): void => {
    const frames: { name: string; next: number }[] = [{ name: start, next: 0 }];
    while (frames.length > 0) {
      const frame = frames.at(-1);
      if (frame === undefined) return;
      const { name } = frame;
      if (frame.next === 0 && !indexes.has(name)) {
        indexes.set(name, indexes.size);
        lows.set(name, indexes.get(name) ?? 0);
        stack.push(name);
        onStack.add(name);
      }
      const target = edges.get(name)?.[frame.next];
      if (target !== undefined) {
        frame.next += 1;
        if (!indexes.has(target)) frames.push({ name: target, next: 0 });
        else if (onStack.has(target)) lows.set(name, Math.min(lows.get(name) ?? 0, indexes.get(target) ?? 0));
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent !== undefined)
        lows.set(parent.name, Math.min(lows.get(parent.name) ?? 0, lows.get(name) ?? 0));
      if (lows.get(name) === indexes.get(name)) closeComponent(name);
    }
  };
  const closeComponent = (name: string): void => {
    const members = stack.splice(stack.lastIndexOf(name));
    for (const member of members) onStack.delete(member);
    const loops = members.length > 1 || (edges.get(name)?.includes(name) ?? false);
    if (loops) for (const member of members) cyclic.add(member);
  };
  for (const name of edges.keys()) if (!indexes.has(name)) connect(name);
  return cyclic;
}
