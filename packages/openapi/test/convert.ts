import type { Diagnostic } from '../src/diagnostic.ts';
import { type Emitted, emit } from '../src/emit/emit.ts';
import type { Json, JsonObject } from '../src/json.ts';
import type { EmitOptions } from '../src/options.ts';
import { readDocument } from '../src/read/read-document.ts';

/** The address that tests send requests to. */
export const BACKEND = { address: 'https://app-abc.a.run.app' };

/** What a test looks at: the emitted document as data and text, and the codes of its diagnostics. */
export interface Trial {
  readonly json: JsonObject;
  readonly emitted: Emitted;
  readonly diagnostics: readonly Diagnostic[];
  /** `severity code`, in order. */
  readonly codes: readonly string[];
}

/** Reads and emits a document given as data or text; to Swagger 2.0 unless told otherwise. */
export function convert(source: Json, options: Partial<EmitOptions> = {}): Trial {
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  const { document, diagnostics } = readDocument({ path: 'openapi.json', text });
  if (document === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '));
  const emitted = emit(document, { dialect: 'swagger2', backend: BACKEND, ...options });
  const all = [...diagnostics, ...emitted.diagnostics];
  const codes = all.map(({ severity, code }) => `${severity} ${code}`);
  return { json: JSON.parse(emitted.contents), emitted, diagnostics: all, codes };
}

/** A 3.1 document of some paths, and whatever else is given. */
export function api(paths: JsonObject, rest: JsonObject = {}): JsonObject {
  return { openapi: '3.1.0', info: { title: 'T', version: '1' }, paths, ...rest };
}

/** A document with one POST whose body has a schema. */
export function withSchema(schema: Json, rest: JsonObject = {}, version = '3.1.0'): JsonObject {
  const post = {
    operationId: 'post',
    requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/S' } } } },
    responses: { 200: { description: '' } },
  };
  return { ...api({ '/a': { post } }), openapi: version, components: { schemas: { S: schema, ...rest } } };
}

/** An operation that answers something. */
export function operation(fields: JsonObject = {}): JsonObject {
  return { responses: { 200: { description: '' } }, ...fields };
}
