import { log } from '@gangway/action';
import { type GoogleCloud, hasStatus } from '@gangway/google-cloud';
import { fields, object, text } from '@gangway/http';

/** A secret of Secret Manager. */
export interface SecretName {
  /** Undefined: the project of the key. */
  readonly project: string | undefined;
  readonly id: string;
}

export interface Stored {
  /** Full name of the version that holds the key's string. */
  readonly version: string;
  readonly changed: boolean;
}

interface Accessed {
  readonly name: string;
  readonly payload?: { readonly data?: string };
}

const VERSION = fields<{ name: string }>({ name: text }, 'name');
const ACCESSED = fields<Accessed>(
  { name: text, payload: fields<NonNullable<Accessed['payload']>>({ data: text }) },
  'name',
);

/**
 * Makes the latest version of a secret hold the key's string: the secret is made when it isn't there, and a version is
 * added only if the latest holds something else.
 *
 * @see https://cloud.google.com/secret-manager/docs/reference/rest
 */
export async function store(
  cloud: GoogleCloud,
  projectId: string,
  secret: SecretName,
  keyString: string,
): Promise<Stored> {
  const parent = `v1/projects/${secret.project ?? projectId}/secrets`;
  const path = `${parent}/${secret.id}`;
  const latest = await accessLatest(cloud, path);
  if (latest?.value === keyString) {
    log.info(`The secret ${secret.id} holds the key already.`);
    return { version: latest.name, changed: false };
  }
  const payload = { data: Buffer.from(keyString).toString('base64') };
  const add = () =>
    cloud.request({
      service: 'secretmanager',
      method: 'POST',
      path: `${path}:addVersion`,
      body: { payload },
      answer: VERSION,
    });
  const { name } = await add().catch(async (error: unknown) => {
    if (!hasStatus(error, 'NOT_FOUND')) throw error;
    await create(cloud, parent, secret.id);
    return add();
  });
  log.info(`Stored the key as version ${name.split('/').at(-1)} of the secret ${secret.id}.`);
  return { version: name, changed: true };
}

async function accessLatest(
  cloud: GoogleCloud,
  path: string,
): Promise<{ name: string; value: string } | undefined> {
  try {
    const { name, payload } = await cloud.request({
      service: 'secretmanager',
      method: 'GET',
      path: `${path}/versions/latest:access`,
      answer: ACCESSED,
    });
    return { name, value: Buffer.from(payload?.data ?? '', 'base64').toString('utf8') };
  } catch (error) {
    // FAILED_PRECONDITION: the latest version is disabled or destroyed.
    if (hasStatus(error, 'NOT_FOUND') || hasStatus(error, 'FAILED_PRECONDITION')) return undefined;
    throw error;
  }
}

async function create(cloud: GoogleCloud, parent: string, id: string): Promise<void> {
  try {
    await cloud.request({
      service: 'secretmanager',
      method: 'POST',
      path: parent,
      query: { secretId: id },
      body: { replication: { automatic: {} } },
      answer: object,
    });
    log.info(`Made the secret ${id}.`);
  } catch (error) {
    // Made by a first try whose answer was lost, or by another run.
    if (!hasStatus(error, 'ALREADY_EXISTS')) throw error;
  }
}
