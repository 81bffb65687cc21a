import { ApiError } from '../../kernel/errors.ts';
import type { Call } from '../../kernel/http/call.ts';
import { refuseMissing } from '../../kernel/proto-json/refusal.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
import { fieldsToChange, putField, topOf } from '../../kernel/resources/mask.ts';
import type { Resource } from './state.ts';

/** What a client may set on any resource. */
export interface CommonBody {
  readonly displayName?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const OUTPUT_ONLY = [
  'name',
  'createTime',
  'updateTime',
  'state',
  'defaultHostname',
  'serviceConfigId',
  'effectiveStreamingMode',
];

/**
 * The id a create asks for: lower-case letters, digits and dashes, no dash first.
 * @param parameter e.g. `apiConfigId`
 * @throws ApiError INVALID_ARGUMENT
 */
export function newId(call: Call, parameter: string, maximum: number): string {
  const id = call.query.get(parameter) ?? '';
  if (!new RegExp(`^[a-z0-9][a-z0-9-]{0,${maximum - 1}}$`).test(id)) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Invalid value '${id}' for ${parameter}: it must consist of lowercase letters, digits and dashes, not begin with a dash, and be at most ${maximum} characters long`,
    );
  }
  return id;
}

/** What a patch changes besides display name and labels, by field. */
export type Setters<Body> = { readonly [Field in keyof Body]?: (body: Body) => void };

export interface Patch {
  readonly fields: readonly string[];
  readonly apply: () => void;
}

/**
 * Works out a patch: the fields of `?updateMask=`, which must be given. Validates now, returns what carries the patch out.
 *
 * @param immutable fields that only a create may set
 * @throws ApiError INVALID_ARGUMENT for an immutable or unknown field
 */
export function patch<Body extends CommonBody>(
  call: Call,
  body: Body,
  resource: Resource,
  setters: Setters<Body>,
  immutable: readonly string[],
): Patch {
  const mutable: Readonly<Record<string, ((body: Body) => void) | undefined>> = {
    displayName: ({ displayName = '' }) => {
      resource.displayName = displayName;
    },
    labels: (changed) => {
      resource.labels = labelsOf(changed);
    },
    ...setters,
  };
  const mask = call.query.get('updateMask');
  // "The request fails if `update_mask` is missing or empty", says each method's own description of it.
  if (!mask) throw refuseMissing('', ['update_mask']);
  const named = mask.split(',').map((path) => path.split('.')[0] ?? path);
  const fixed = named.find((field) => immutable.includes(field));
  if (fixed) throw new ApiError('INVALID_ARGUMENT', `Field '${fixed}' is immutable and cannot be updated.`);
  const known = Object.keys(mutable);
  const paths = fieldsToChange(mask, body, [...known, ...OUTPUT_ONLY]);
  const fields = paths.map(topOf);
  if (fields.includes('labels')) labelsOf(body);
  const apply = () => {
    for (const path of paths)
      if (path.startsWith('labels.')) putField(body, resource, path);
      else mutable[topOf(path)]?.(body);
  };
  return { fields, apply };
}
