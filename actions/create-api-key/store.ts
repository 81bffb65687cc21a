import { cancellation, log } from '@gangway/action';
import { type GoogleCloud, hasStatus } from '@gangway/google-cloud';
import { fields, object, reach, text } from '@gangway/http';

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
    log.info(`The secret ${secret.id} already holds the key.`);
    return { version: latest.name, changed: false };
  }
  const version = await add(cloud, { parent, path, id: secret.id, keyString });
  log.info(`Stored the key as version ${version.split('/').at(-1)} of the secret ${secret.id}.`);
  return { version, changed: true };
}

interface Adding {
  readonly parent: string;
  readonly path: string;
  readonly id: string;
  readonly keyString: string;
}

/**
 * Adds a version, once: before another try it is looked whether the one before did it and only its answer was lost, as each adds a
 * version of its own.
 *
 * @returns the version's full name
 */
function add(cloud: GoogleCloud, { parent, path, id, keyString }: Adding): Promise<string> {
  const payload = { data: Buffer.from(keyString).toString('base64') };
  const addOnce = () =>
    cloud.request({
      service: 'secretmanager',
      method: 'POST',
      path: `${path}:addVersion`,
      body: { payload },
      answer: VERSION,
      once: true,
    });
  let isFirst = true;
  const work = async (): Promise<string> => {
    const latest = isFirst ? undefined : await accessLatest(cloud, path);
    isFirst = false;
    if (latest?.value === keyString) return latest.name;
    const { name } = await addOnce().catch(async (error: unknown) => {
      if (!hasStatus(error, 'NOT_FOUND')) throw error;
      await create(cloud, parent, id);
      return addOnce();
    });
    return name;
  };
  return reach(work, {
    signal: cancellation,
    onRetry: () =>
      log.info(
        `Adding a version to the secret ${id} was not answered. Checking whether it exists, and trying again.`,
      ),
  });
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
    log.info(`Created the secret ${id}.`);
  } catch (error) {
    // Made by a first try whose answer was lost, or by another run.
    if (!hasStatus(error, 'ALREADY_EXISTS')) throw error;
  }
}
