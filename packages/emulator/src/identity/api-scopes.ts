import { CLOUD_PLATFORM } from './tokens.ts';

const PREFIX = 'https://www.googleapis.com/auth/';
const READ_ONLY = 'cloud-platform.read-only';

/** What a scope of one API opens of it. */
interface ApiScopes {
  /** Good for every method. */
  readonly full: readonly string[];
  /** Good for the methods that only read. */
  readonly read: readonly string[];
}

/**
 * The scopes that each API takes besides all of Google Cloud, by its discovery document
 * (https://developers.google.com/discovery/v1/reference), as of November 2026.
 */
const SCOPES: Readonly<Record<string, ApiScopes>> = {
  'apigateway.googleapis.com': { full: [], read: [] },
  'apikeys.googleapis.com': { full: ['apikeys'], read: ['apikeys.readonly', READ_ONLY] },
  'artifactregistry.googleapis.com': { full: [], read: [READ_ONLY] },
  'cloudresourcemanager.googleapis.com': { full: [], read: [READ_ONLY] },
  // Their reference pages add the scope `iam`, which gcloud asks for alone where it goes on to impersonate.
  'iam.googleapis.com': { full: ['iam'], read: [] },
  'iamcredentials.googleapis.com': { full: ['iam'], read: [] },
  'logging.googleapis.com': { full: ['logging.admin'], read: ['logging.read', READ_ONLY] },
  'run.googleapis.com': { full: ['run'], read: ['run.readonly'] },
  'secretmanager.googleapis.com': { full: [], read: [] },
  'servicemanagement.googleapis.com': {
    full: ['service.management'],
    read: ['service.management.readonly', READ_ONLY],
  },
  'serviceusage.googleapis.com': { full: ['service.management'], read: [READ_ONLY] },
};

/** Methods that only read although they are POSTs. */
const READING = /:(?:getIamPolicy|testIamPermissions|list|query\w*)$/;

/** Whether a token of these scopes may call a method of an API. */
export function allowsApi(
  scopes: readonly string[],
  api: string,
  { method, url }: { readonly method: string; readonly url: URL },
): boolean {
  if (scopes.includes(CLOUD_PLATFORM)) return true;
  const { full, read } = SCOPES[api] ?? { full: [], read: [] };
  const reads = method === 'GET' || (method === 'POST' && READING.test(url.pathname));
  return [...full, ...(reads ? read : [])].some((name) => scopes.includes(`${PREFIX}${name}`));
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
