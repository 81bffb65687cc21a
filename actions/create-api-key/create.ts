import { cancellation, log, mask, seconds } from '@gangway/action';
import { type GoogleCloud, isGoogleError, type Operation, waitForOperation } from '@gangway/google-cloud';
import { type ApiKey, differences, wantedKey } from './api-key.ts';
import type { Inputs } from './inputs.ts';

type Change = 'created' | 'restored' | 'updated' | 'none';

export interface CreateResult {
  readonly name: string;
  /** Masked already. */
  readonly keyString: string;
  readonly change: Change;
}

/** Makes the key be there as wanted, whatever there was before; asks for its string last. */
export async function createApiKey(
  cloud: GoogleCloud,
  projectId: string,
  inputs: Inputs,
): Promise<CreateResult> {
  const parent = `v2/projects/${projectId}/locations/global/keys`;
  const path = `${parent}/${inputs.keyId}`;
  const wanted = wantedKey(inputs);
  const existing = await get(cloud, path);

  let change: Change = 'none';
  let key = existing;
  if (!key) {
    key = await create(cloud, parent, wanted, inputs);
    change = 'created';
  } else if (key.deleteTime) {
    key = await wait(
      cloud,
      await cloud.request({ service: 'apikeys', method: 'POST', path: `${path}:undelete`, body: {} }),
      `restoring the API key ${inputs.keyId}`,
      inputs,
    );
    change = 'restored';
  }
  const fields = differences(key, wanted);
  if (fields.length > 0) {
    log.info(`Updating ${fields.join(' and ')} of the API key ${inputs.keyId}.`);
    const operation = await cloud.request<Operation<ApiKey>>({
      service: 'apikeys',
      method: 'PATCH',
      path,
      query: { updateMask: fields.join(',') },
      body: wanted,
    });
    await wait(cloud, operation, `updating the API key ${inputs.keyId}`, inputs);
    if (change === 'none') change = 'updated';
  }
  const keyString =
    key.keyString ??
    (
      await cloud.request<{ keyString: string }>({
        service: 'apikeys',
        method: 'GET',
        path: `${path}/keyString`,
      })
    ).keyString;
  mask(keyString);
  log.info(
    change === 'none'
      ? `The API key ${inputs.keyId} is as wanted.`
      : `The API key ${inputs.keyId} was ${change}.`,
  );
  return { name: key.name, keyString, change };
}

async function get(cloud: GoogleCloud, path: string): Promise<ApiKey | undefined> {
  try {
    return await cloud.request<ApiKey>({ service: 'apikeys', method: 'GET', path });
  } catch (error) {
    if (isGoogleError(error, 404)) return undefined;
    throw error;
  }
}

async function create(cloud: GoogleCloud, parent: string, wanted: object, inputs: Inputs): Promise<ApiKey> {
  try {
    const operation = await cloud.request<Operation<ApiKey>>({
      service: 'apikeys',
      method: 'POST',
      path: parent,
      query: { keyId: inputs.keyId },
      body: wanted,
    });
    return await wait(cloud, operation, `creating the API key ${inputs.keyId}`, inputs);
  } catch (error) {
    // A retried create whose first answer was lost: the key is there, and is compared like any other.
    const key = isGoogleError(error, 409) ? await get(cloud, `${parent}/${inputs.keyId}`) : undefined;
    if (!key) throw error;
    return key;
  }
}

function wait(
  cloud: GoogleCloud,
  operation: Operation<ApiKey>,
  what: string,
  { timeout }: Inputs,
): Promise<ApiKey> {
  return waitForOperation(cloud, 'apikeys', 'v2', operation, what, {
    timeout,
    signal: cancellation,
    onProgress: (elapsed) => log.info(`Still ${what} after ${seconds(elapsed)}…`),
  }).then((key) => {
    if (key.keyString) mask(key.keyString);
    return key;
  });
}
