import type { ApiScopes } from '../../kernel/service/declaration.ts';
import { CLOUD_PLATFORM } from './oauth-scopes.ts';

const PREFIX = 'https://www.googleapis.com/auth/';
const READ_ONLY = 'cloud-platform.read-only';

/** Methods that only read although they are POSTs. */
const READING = /:(?:getIamPolicy|testIamPermissions|list|query\w*)$/;

/**
 * Whether a token of these scopes may call a method of an API.
 *
 * @param api the scopes that the API takes besides all of Google Cloud
 */
export function allowsApi(
  scopes: readonly string[],
  { full = [], read = [], write = [] }: ApiScopes,
  { method, url }: { readonly method: string; readonly url: URL },
): boolean {
  if (scopes.includes(CLOUD_PLATFORM)) return true;
  const reads = method === 'GET' || (method === 'POST' && READING.test(url.pathname));
  const writes = url.pathname.endsWith(':write');
  return [...full, ...(reads ? read : []), ...(writes ? write : [])].some((name) =>
    scopes.includes(`${PREFIX}${name}`),
  );
}

/**
 * Whether a token of these scopes may pull from the registry, or also push to it: those of Cloud Storage count
 * (https://cloud.google.com/artifact-registry/docs/access-control#compute).
 */
export function allowsRegistry(scopes: readonly string[], action: 'read' | 'write'): boolean {
  if (scopes.includes(CLOUD_PLATFORM)) return true;
  const names = ['devstorage.read_write', 'devstorage.full_control'];
  if (action === 'read') names.push(READ_ONLY, 'devstorage.read_only');
  return names.some((name) => scopes.includes(`${PREFIX}${name}`));
}
