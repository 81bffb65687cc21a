import type { CompiledBackend } from '../../import/compiled.ts';
import { addressOf } from './backend-address.ts';
import type { RequestPath } from './request-path.ts';
import type { Variable } from './route-table.ts';

/**
 * The path and query the backend is asked for (https://cloud.google.com/endpoints/docs/openapi/openapi-extensions#understanding_path_translation).
 * With CONSTANT_ADDRESS the path's variables follow the original query, as they were escaped.
 */
export function backendPath(
  backend: CompiledBackend,
  { path, query }: RequestPath,
  variables: readonly Variable[],
): string {
  const { prefix } = addressOf(backend);
  if (backend.pathTranslation === 'APPEND_PATH_TO_ADDRESS') return prefix + path + query;
  const bindings = variables.map(({ name, value }) => `${name}=${value}`).join('&');
  const separator = query === '' ? '?' : '&';
  return (prefix || '/') + query + (bindings && separator + bindings);
}
