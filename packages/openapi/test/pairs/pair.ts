import type { Json, JsonObject } from '../../src/json.ts';
import type { EmitOptions } from '../../src/options.ts';
import { api, operation, withSchema } from '../convert.ts';

/** A small document with one problem of conversion, and what has to be so of its Swagger 2.0. */
export interface Pair {
  readonly name: string;
  readonly source: JsonObject;
  readonly options?: Partial<EmitOptions>;
  /** Parts of the emitted document by the keys that lead to them; undefined for what must not be there. */
  readonly holds?: readonly (readonly [path: string, value: Json | undefined])[];
  /** Diagnostics that must be said, `severity code`; an error means that the output is not for use. */
  readonly says?: readonly string[];
  /** A property is called $ref, which some validators cannot read. */
  readonly odd?: boolean;
}

/** The place of the one operation of `get` and `post`. */
export const GET = 'paths./a.get';
export const POST = 'paths./a.post';

/** A pair whose problem is a schema of a component; what holds is said of its definition. */
export function schemaPair(
  name: string,
  schema: Json,
  expected: Json,
  rest: JsonObject = {},
  more: Partial<Pair> = {},
  version = '3.1.0',
): Pair {
  return {
    name,
    source: withSchema(schema, rest, version),
    ...more,
    holds: [['definitions.S', expected], ...(more.holds ?? [])],
  };
}

/** A pair whose problem is a parameter of a GET; what holds is said of the parameters. */
export function parameterPair(
  name: string,
  parameter: JsonObject,
  expected: Json,
  more: Partial<Pair> = {},
  components: JsonObject = {},
): Pair {
  const parameters = [{ name: 'p', in: 'query', ...parameter }];
  return {
    name,
    source: get({ parameters }, { components }),
    ...more,
    holds: [[`${GET}.parameters`, expected], ...(more.holds ?? [])],
  };
}

/** A pair whose problem is a request body; what holds is said of the operation's parts. */
export function bodyPair(
  name: string,
  content: JsonObject,
  holds: Pair['holds'],
  more: Partial<Pair> = {},
  components: JsonObject = {},
): Pair {
  return {
    name,
    source: api(
      { '/a': { post: operation({ operationId: 'a', requestBody: { content } }) } },
      { components },
    ),
    ...more,
    holds: holds ?? [],
  };
}

/** A document of one GET /a. */
export function get(fields: JsonObject = {}, rest: JsonObject = {}): JsonObject {
  return api({ '/a': { get: operation({ operationId: 'a', ...fields }) } }, rest);
}
