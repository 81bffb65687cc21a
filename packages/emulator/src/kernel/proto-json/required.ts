import type { Api, Message, Method } from './api.ts';
import { type Field, snake } from './facts.ts';

/**
 * Refuses a request in which a field is missing, or empty, that Google documents as required (https://google.aip.dev/203), at any depth of
 * what is there. Of a PATCH with a mask, what the mask covers counts. Numbers and flags can't be told from their defaults, and one of
 * several alternatives may be another.
 *
 * @param body as it was read: names in camelCase
 * @throws ApiError INVALID_ARGUMENT
 */
export function requireFields(method: Method, query: URLSearchParams, body: object): void {
  const { api, id, http, request, body: field = '', query: parameters = {} } = method;
  const missing: string[] = Object.entries(parameters)
    .filter(([name, text]) => text.split(' ').includes('required') && !query.get(name))
    .filter(([name]) => !isLeft(api, `${id}.${name}`))
    .map(([name]) => snake(name));
  if (request !== undefined && /^(?:POST|PUT|PATCH) /.test(http)) {
    const masks = http.startsWith('PATCH ') ? pathsOf(query.get('updateMask')) : undefined;
    for (const path of missingIn(body, api.message(request), api))
      if (!masks || masks.some((mask) => covers(mask, path)))
        missing.push([...(field && [snake(field)]), snakePath(path)].join('.'));
  }
  const [first, ...rest] = missing;
  if (first !== undefined) throw api.refusal(id, [first, ...rest]);
}

/** Paths of fields as JSON names them, e.g. `template.containers[0].image`. */
function* missingIn(value: object, message: Message, api: Api, at = ''): Generator<string> {
  for (const field of new Set(message.fields.values())) {
    const here = at ? `${at}.${field.name}` : field.name;
    const inner = (value as Readonly<Record<string, unknown>>)[field.name];
    if (isMissing(inner, field, api)) {
      if (!isLeft(api, `${message.id}.${field.name}`)) yield here;
    } else if (field.type === 'message' && typeof inner === 'object' && inner !== null)
      for (const [step, one] of each(inner, field))
        if (typeof one === 'object' && one !== null)
          yield* missingIn(one, api.message(field.of), api, `${here}${step}`);
  }
}

function isMissing(value: unknown, { type, of, isRequired, isOutput, oneof }: Field, api: Api): boolean {
  if (!isRequired || isOutput || oneof !== undefined) return false;
  if (value === undefined || value === '') return true;
  if (typeof value === 'object' && value !== null && type !== 'message' && type !== 'any')
    return Object.keys(value).length === 0;
  if (Array.isArray(value)) return value.length === 0;
  return type === 'enum' && api.enum(of).numbers.get(String(value)) === 0;
}

function each(value: object, { isList, isMap }: Field): readonly (readonly [step: string, one: unknown])[] {
  if (isList) return Object.values(value).map((one, index) => [`[${index}]`, one]);
  if (isMap) return Object.values(value).map((one, index) => [`[${index}].value`, one]);
  return [['', value]];
}

function isLeft({ relaxed: { left = {} } }: Api, name: string): boolean {
  return name in left;
}

/** Without a mask, or with `*`, everything counts. */
function pathsOf(mask: string | null): readonly string[] | undefined {
  return !mask || mask === '*' ? undefined : mask.split(',');
}

function covers(mask: string, path: string): boolean {
  return `${path.replace(/\[\d+\](?:\.value)?/g, '')}.`.startsWith(`${mask}.`);
}

function snakePath(path: string): string {
  return path.split('.').map(snake).join('.');
}
