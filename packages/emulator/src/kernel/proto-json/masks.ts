import { ApiError } from '../errors.ts';
import type { Method } from './api.ts';

/**
 * A mask's paths as JSON names the fields, as far as they are fields and not keys of maps.
 *
 * @throws ApiError INVALID_ARGUMENT for a field that only a create may set (https://google.aip.dev/203)
 */
export function maskFrom(mask: string, { api, request }: Method): string {
  return mask
    .split(',')
    .map((path) => {
      let message = request === undefined ? undefined : api.message(request);
      return path
        .trim()
        .split('.')
        .map((name) => {
          const field = message?.fields.get(name);
          if (field?.isImmutable && !field.isOutput && !isMutable(`${message?.id}.${field.name}`))
            throw immutable(path.trim());
          message = field?.type === 'message' && !field.isMap ? api.message(field.of) : undefined;
          return field?.name ?? name;
        })
        .join('.');
    })
    .join(',');

  function isMutable(name: string): boolean {
    return name in (api.relaxed.mutable ?? {});
  }
}

function immutable(path: string): ApiError {
  const description = `Field '${path}' is immutable and cannot be updated.`;
  return new ApiError('INVALID_ARGUMENT', description, [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field: 'update_mask', description }],
    },
  ]);
}
