import { ApiError } from '../errors.ts';

const LABEL_KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** @throws ApiError INVALID_ARGUMENT for a label that breaks Google's rules (https://cloud.google.com/resource-manager/docs/labels-overview) */
export function labelsOf({
  labels = {},
}: {
  readonly labels?: Readonly<Record<string, string>>;
}): Readonly<Record<string, string>> {
  const entries = Object.entries(labels);
  if (entries.length > 64) throw new ApiError('INVALID_ARGUMENT', 'A resource can have at most 64 labels.');
  for (const [key, value] of entries) {
    if (!LABEL_KEY.test(key)) throw new ApiError('INVALID_ARGUMENT', `Invalid label key: '${key}'`);
    if (typeof value !== 'string' || !LABEL_VALUE.test(value))
      throw new ApiError('INVALID_ARGUMENT', `Invalid label value: '${value}'`);
  }
  return labels;
}
