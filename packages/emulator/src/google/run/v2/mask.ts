/**
 * What a PATCH asks for: without a mask the request itself, with one the resource as it is and the masked fields
 * of the request put in, a field that is not in the request being cleared (https://google.aip.dev/134).
 */
export function masked<Asked extends object>(current: object, asked: Asked, mask: string | null): Asked {
  if (!mask || mask === '*') return asked;
  const result: Record<string, unknown> = structuredClone({ ...current });
  for (const path of mask.split(','))
    copy(asked as Record<string, unknown>, result, path.split('.').map(camel));
  return result as Asked;
}

function copy(
  from: Record<string, unknown>,
  to: Record<string, unknown>,
  [field = '', ...rest]: readonly string[],
): void {
  if (rest.length === 0) {
    if (from[field] === undefined) delete to[field];
    else to[field] = from[field];
    return;
  }
  const inner = { ...(to[field] as Record<string, unknown> | undefined) };
  to[field] = inner;
  copy((from[field] ?? {}) as Record<string, unknown>, inner, rest);
}

/** Masks name fields as the protocol buffer does, or as JSON does. */
function camel(field: string): string {
  return field.trim().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
