import { type Json, type JsonObject, own } from '../json.ts';

/** Bounds as Swagger 2.0 has them: JSON Schema 2020-12 gives `exclusiveMinimum` a number, draft 4 a boolean. */
export function readBounds(schema: JsonObject, dropped: string[]): JsonObject {
  return {
    ...bound(schema, 'minimum', 'exclusiveMinimum', (a, b) => a >= b, dropped),
    ...bound(schema, 'maximum', 'exclusiveMaximum', (a, b) => a <= b, dropped),
  };
}

function bound(
  schema: JsonObject,
  inclusive: string,
  exclusive: string,
  tighter: (a: number, b: number) => boolean,
  dropped: string[],
): JsonObject {
  const limit: Json | undefined = own(schema, inclusive);
  const flag = own(schema, exclusive);
  if (limit !== undefined && typeof limit !== 'number') dropped.push(inclusive);
  const number = typeof limit === 'number' ? limit : undefined;
  if (typeof flag === 'number') {
    if (number === undefined || tighter(flag, number)) return { [inclusive]: flag, [exclusive]: true };
    return { [inclusive]: number };
  }
  if (number === undefined) {
    if (flag !== undefined) dropped.push(exclusive);
    return {};
  }
  if (typeof flag === 'boolean') return { [inclusive]: number, [exclusive]: flag };
  if (flag !== undefined) dropped.push(exclusive);
  return { [inclusive]: number };
}
