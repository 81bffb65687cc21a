import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Services whose permissions the local cloud checks, as permissions name them. To add one, name it here and run this again. */
const SERVICES = [
  'apigateway',
  'apikeys',
  'artifactregistry',
  'compute',
  'iam',
  'logging',
  'resourcemanager',
  'run',
  'secretmanager',
  'servicemanagement',
  'serviceusage',
];
const BASIC = ['owner', 'editor', 'viewer', 'browser'];
const TARGET = new URL('../packages/emulator/src/google/iam/roles/predefined.json', import.meta.url);

interface Role {
  readonly name: string;
  readonly title?: string;
  readonly includedPermissions?: readonly string[];
}

/**
 * Writes down Google's predefined roles for the local cloud, out of a folder with a JSON file for each role, as
 * `gcloud iam roles describe ROLE --format=json` prints it. Of the services that the local cloud has: titles and permissions;
 * of all others the names, which a policy may hold. Google publishes them by its API alone, to who is signed in, and no package registry
 * has them: people keep what the API answers in Git, as https://github.com/iann0036/iam-dataset does in gcp/roles. So the table says
 * which commit it is made of.
 */
const [folder, source] = process.argv.slice(2);
if (!folder || !source?.startsWith('https://'))
  throw new Error('Usage: node scripts/iam-roles.ts FOLDER URL_OF_THE_COMMIT');
const roles = readdirSync(folder)
  .sort()
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Role);
const all = byType(roles.flatMap(permissionsOf));
const known: Record<string, unknown> = {};
const others: Record<string, string[]> = {};
for (const role of roles) {
  const id = role.name.replace(/^roles\//, '');
  const [service = ''] = id.split('.');
  // Some have more than one dot, such as `compute.instanceAdmin.v1`.
  const rest = id.slice(service.length + 1);
  const agent = /serviceAgent$/i.test(id);
  if (!agent && (BASIC.includes(id) || SERVICES.includes(service)))
    known[role.name] = { title: role.title ?? '', holds: held(byType(permissionsOf(role))) };
  else others[service] = [...(others[service] ?? []), rest];
}
const permissions = mapped(all, (_, verbs) => [...verbs].sort().join(' '));
const names = mapped(new Map(Object.entries(others)), (_, ids) => ids.join(' '));
writeFileSync(TARGET, `${JSON.stringify({ source, permissions, roles: known, others: names }, null, 2)}\n`);

/** Those of the services here. Some are printed with the whole name of the API: `iam.googleapis.com/workloadIdentityPools.get`. */
function permissionsOf({ includedPermissions = [] }: Role): string[] {
  return includedPermissions
    .map((permission) => permission.replace('.googleapis.com/', '.'))
    .filter((permission) => SERVICES.includes(permission.split('.')[0] ?? ''));
}

function byType(list: readonly string[]): Map<string, Set<string>> {
  const types = new Map<string, Set<string>>();
  for (const permission of list) {
    const dot = permission.lastIndexOf('.');
    const type = permission.slice(0, dot);
    types.set(type, (types.get(type) ?? new Set()).add(permission.slice(dot + 1)));
  }
  return types;
}

/** Verbs by type, `*` for all that there are. */
function held(types: ReadonlyMap<string, ReadonlySet<string>>): Record<string, string> {
  return mapped(types, (type, verbs) =>
    verbs.size > 1 && verbs.size === all.get(type)?.size ? '*' : [...verbs].sort().join(' '),
  );
}

function mapped<T>(
  entries: ReadonlyMap<string, T>,
  show: (name: string, value: T) => string,
): Record<string, string> {
  return Object.fromEntries(
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, show(name, value)]),
  );
}
