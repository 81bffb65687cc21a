import { putField } from '../../../kernel/resources/mask.ts';

/**
 * What a PATCH asks for: without a mask the request itself, with one the resource as it is and the masked fields
 * of the request put in, a field that is not in the request being cleared (https://google.aip.dev/134).
 */
export function masked<Asked extends object>(current: object, asked: Asked, mask: string | null): Asked {
  if (!mask || mask === '*') return asked;
  const result = structuredClone({ ...current });
  for (const path of mask.split(',')) putField(asked, result, path.trim());
  return result as Asked;
}
