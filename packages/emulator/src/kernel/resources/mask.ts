import { ApiError } from '../errors.ts';

/**
 * The fields that a PATCH changes (https://google.aip.dev/134): those that its mask names, all of them for `*`, and without a mask those that
 * the request has.
 *
 * @param mask as requests are read: fields as JSON names them
 * @param mutable the fields that may be changed
 * @returns paths, e.g. `labels.team`; each begins with a field that may be changed
 * @throws ApiError INVALID_ARGUMENT for a path that begins with another
 */
export function fieldsToChange<Field extends string>(
  mask: string | null | undefined,
  given: object,
  mutable: readonly Field[],
): (Field | `${Field}.${string}`)[] {
  const paths = (mask ?? '')
    .split(',')
    .map((path) => path.trim())
    .filter(Boolean);
  if (paths.length === 0) return mutable.filter((field) => field in given);
  if (paths.includes('*')) return [...mutable];
  return paths.map((path) => {
    if (isOf(path, mutable)) return path;
    const description = `update_mask path "${path}" names no field that can be updated; ${mutable.join(', ')} can.`;
    throw new ApiError('INVALID_ARGUMENT', `Request contains an invalid argument: ${description}`, [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'update_mask', description }],
      },
    ]);
  });
}

/** The field that a path begins with. */
export function topOf<Field extends string>(path: Field | `${Field}.${string}`): Field {
  return path.split('.')[0] as Field;
}

/** Makes a field of one message what it is in another; one that is not there is cleared. */
export function putField(from: object, to: object, path: string): void {
  put(from as Tree, to as Tree, path.split('.'));
}

type Tree = Record<string, unknown>;

function put(from: Tree, to: Tree, [field = '', ...rest]: readonly string[]): void {
  if (rest.length > 0) {
    const inner = { ...(to[field] as Tree | undefined) };
    put((from[field] as Tree | undefined) ?? {}, inner, rest);
    to[field] = inner;
  } else if (from[field] === undefined) delete to[field];
  else to[field] = from[field];
}

function isOf<Field extends string>(
  path: string,
  mutable: readonly Field[],
): path is Field | `${Field}.${string}` {
  return (mutable as readonly string[]).includes(path.split('.')[0] ?? '');
}
