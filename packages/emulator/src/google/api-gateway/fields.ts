import { ApiError } from '../../kernel/errors.ts';
import type { Call } from '../../kernel/http/call.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
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
 * Works out a patch: the fields of `?updateMask=`, or every mutable one that the body has when there is none
 * (https://google.aip.dev/134). Validates now, returns what carries the patch out.
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
  const fields = maskOf(call) ?? Object.keys(mutable).filter((field) => field in body);
  for (const field of fields.map((path) => path.split('.')[0] ?? path)) {
    if (immutable.includes(field))
      throw new ApiError('INVALID_ARGUMENT', `Field '${field}' is immutable and cannot be updated.`);
    if (!OUTPUT_ONLY.includes(field) && !mutable[field])
      throw new ApiError('INVALID_ARGUMENT', `Invalid field mask: no such field '${field}'.`);
  }
  if (fields.includes('labels')) labelsOf(body);
  const apply = () => {
    for (const field of fields) mutable[field.split('.')[0] ?? field]?.(body);
  };
  return { fields, apply };
}

function maskOf(call: Call): string[] | undefined {
  const paths = (call.query.get('updateMask') ?? '')
    .split(',')
    .map((path) => path.trim().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
    .filter(Boolean);
  return paths.length === 0 || paths.includes('*') ? undefined : paths;
}
