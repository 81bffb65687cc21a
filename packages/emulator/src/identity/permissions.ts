import { SERVICE_TITLES } from '../services/service-catalog.ts';

const POLICY = 'getIamPolicy setIamPolicy';

/** The permissions of the services that the local cloud has, as Google names them (https://cloud.google.com/iam/docs/roles-permissions). */
const VERBS: Readonly<Record<string, string>> = {
  'apigateway.apiconfigs': `create delete get list update ${POLICY}`,
  'apigateway.apis': `create delete get list update ${POLICY}`,
  'apigateway.gateways': `create delete get list update ${POLICY}`,
  'apigateway.locations': 'get list',
  'apigateway.operations': 'cancel delete get list',
  'apikeys.keys': 'create delete get getKeyString list lookup undelete update',
  'artifactregistry.dockerimages': 'get list',
  'artifactregistry.files': 'delete download get list update upload',
  'artifactregistry.locations': 'get list',
  'artifactregistry.packages': 'delete get list update',
  'artifactregistry.repositories': `create createOnPush delete deleteArtifacts downloadArtifacts get list readViaVirtualRepository update uploadArtifacts ${POLICY}`,
  'artifactregistry.tags': 'create delete get list update',
  'artifactregistry.versions': 'delete get list update',
  'iam.roles': 'create delete get list undelete update',
  'iam.serviceAccountKeys': 'create delete disable enable get list',
  'iam.serviceAccounts': `actAs create delete disable enable get getAccessToken getOpenIdToken implicitDelegation list signBlob signJwt undelete update ${POLICY}`,
  'iam.workloadIdentityPoolProviders': 'create delete get list undelete update',
  'iam.workloadIdentityPools': 'create delete get list undelete update',
  'resourcemanager.projects': `get list update ${POLICY}`,
  'run.jobs': `create delete get list run update ${POLICY}`,
  'run.locations': 'list',
  'run.operations': 'delete get list',
  'run.revisions': 'delete get list',
  'run.routes': 'get invoke list',
  'run.services': `create delete get list update ${POLICY}`,
  'secretmanager.locations': 'get list',
  'secretmanager.secrets': `create delete get list update ${POLICY}`,
  'secretmanager.versions': 'access add destroy disable enable get list',
  'servicemanagement.services': `bind check create delete get list quota report update ${POLICY}`,
  'serviceusage.apiKeys': 'regenerate revert',
  'serviceusage.operations': 'cancel delete get list',
  'serviceusage.services': 'disable enable get list use',
};

/** Every permission that the local cloud knows, sorted. */
export const PERMISSIONS: readonly string[] = Object.entries(VERBS)
  .flatMap(([type, verbs]) => verbs.split(' ').map((verb) => `${type}.${verb}`))
  .sort();

const KNOWN = new Set(PERMISSIONS);
const SERVICES = new Set(PERMISSIONS.map(serviceOf));

/**
 * Whether a custom role may hold a permission. Those of a Google service that the local cloud does not have are taken
 * by their form alone.
 */
export function isPermission(name: string): boolean {
  if (KNOWN.has(name)) return true;
  const service = serviceOf(name);
  const elsewhere = !SERVICES.has(service) && Object.hasOwn(SERVICE_TITLES, `${service}.googleapis.com`);
  return elsewhere && /^[a-z]+\.[A-Za-z0-9]+\.[A-Za-z0-9]+$/.test(name);
}

/** The service of a permission: `run` of `run.services.get`. */
export function serviceOf(permission: string): string {
  return permission.slice(0, permission.indexOf('.'));
}
