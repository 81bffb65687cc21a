import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, capitalised, log, mask, seconds } from '@gangway/action';
import {
  type GoogleCloud,
  hasStatus,
  OPERATION,
  type Operation,
  waitForOperation,
} from '@gangway/google-cloud';
import { fields, text } from '@gangway/http';
import { API_KEY, type ApiKey, differences, wantedKey } from './api-key.ts';
import type { Inputs } from './inputs.ts';

type Change = 'created' | 'restored' | 'updated' | 'none';

export interface CreateResult {
  readonly name: string;
  /** Masked already. */
  readonly keyString: string;
  readonly change: Change;
}

const KEYS = { service: 'apikeys', version: 'v2', response: API_KEY } as const;

/** Where the work stands. */
interface Work {
  readonly cloud: GoogleCloud;
  readonly inputs: Inputs;
  readonly parent: string;
  readonly path: string;
  readonly wanted: Pick<ApiKey, 'displayName' | 'restrictions'>;
  /** On the clock of performance.now(). */
  readonly deadline: number;
  /** What a key that this run made is known by. */
  readonly mark: string;
}

/** The annotation that holds it. */
const MARK = 'gangway-run';

/** Makes the key be there as requested, whatever there was before; asks for its string last. */
export async function createApiKey(
  cloud: GoogleCloud,
  projectId: string,
  inputs: Inputs,
): Promise<CreateResult> {
  const parent = `v2/projects/${projectId}/locations/global/keys`;
  const path = `${parent}/${inputs.keyId}`;
  const deadline = performance.now() + inputs.timeout;
  const mark = randomUUID();
  const work: Work = { cloud, inputs, parent, path, wanted: wantedKey(inputs), deadline, mark };
  const found = await get(work);
  const { key, change: made } = found ? await revive(work, found) : await create(work);
  const updated = await update(work, key);
  const change = made === 'none' && updated ? 'updated' : made;
  const keyString = key.keyString || (await askString(work));
  log.info(
    change === 'none'
      ? `The API key ${inputs.keyId} is up to date.`
      : `The API key ${inputs.keyId} was ${change}.`,
  );
  return { name: key.name, keyString, change };
}

async function create(work: Work): Promise<{ key: ApiKey; change: Change }> {
  const { cloud, inputs, parent, wanted } = work;
  try {
    const key = await wait(
      work,
      () =>
        cloud.request({
          service: 'apikeys',
          method: 'POST',
          path: parent,
          query: { keyId: inputs.keyId },
          body: { ...wanted, annotations: { [MARK]: work.mark } },
          answer: OPERATION,
        }),
      `creating the API key ${inputs.keyId}`,
    );
    return { key, change: 'created' };
  } catch (error) {
    if (!hasStatus(error, 'ALREADY_EXISTS')) throw error;
    // Made by a first try whose answer was lost, by another run, or deleted and no longer shown.
    const key = await get(work);
    if (!key) return { key: await undelete(work), change: 'restored' };
    if (key.annotations?.[MARK] === work.mark) return { key, change: 'created' };
    log.info(`The API key ${inputs.keyId} exists: another run was faster, or it was not visible before.`);
    return revive(work, key);
  }
}

/** A key as it is if it lives; one that was deleted is restored, within the 30 days Google keeps it. */
async function revive(work: Work, key: ApiKey): Promise<{ key: ApiKey; change: Change }> {
  if (!key.deleteTime) return { key, change: 'none' };
  return { key: await undelete(work), change: 'restored' };
}

async function undelete(work: Work): Promise<ApiKey> {
  const { cloud, inputs, path } = work;
  const what = `restoring the API key ${inputs.keyId}, which was deleted`;
  try {
    return await wait(
      work,
      () =>
        cloud.request({
          service: 'apikeys',
          method: 'POST',
          path: `${path}:undelete`,
          body: {},
          answer: OPERATION,
        }),
      what,
    );
  } catch (error) {
    // A first try whose answer was lost has restored it.
    const key = hasStatus(error, 'FAILED_PRECONDITION') ? await get(work) : undefined;
    if (!key || key.deleteTime) throw error;
    return key;
  }
}

/** Brings name and restrictions to what is wanted, others' later changes included; tells whether that was needed. */
async function update(work: Work, found: ApiKey): Promise<boolean> {
  const { inputs, wanted } = work;
  let key = found;
  for (let updated = false; ; updated = true) {
    const fields = differences(key, wanted);
    if (fields.length === 0) return updated;
    try {
      await patch(work, key, fields);
      return true;
    } catch (error) {
      if (!hasStatus(error, 'ABORTED') || performance.now() > work.deadline) throw error;
      // Somebody else has changed it since it was read, or a first try whose answer was lost.
      log.info(`The API key ${inputs.keyId} was changed at the same time. Looking at it again.`);
      const now = await get(work);
      if (!now) throw error;
      key = now;
      // So that runs that meet here don't meet again.
      await sleep(100 + Math.random() * 400, undefined, { signal: cancellation });
    }
  }
}

async function patch(work: Work, { etag }: ApiKey, fields: readonly string[]): Promise<void> {
  const { cloud, inputs, path, wanted } = work;
  const start = () =>
    cloud.request({
      service: 'apikeys',
      method: 'PATCH',
      path,
      query: { updateMask: fields.join(',') },
      body: { ...wanted, ...(etag && { etag }) },
      answer: OPERATION,
    });
  await wait(work, start, `updating ${fields.join(' and ')} of the API key ${inputs.keyId}`);
}

async function get({ cloud, path }: Work): Promise<ApiKey | undefined> {
  try {
    return await cloud.request({ service: 'apikeys', method: 'GET', path, answer: API_KEY });
  } catch (error) {
    if (hasStatus(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

async function askString({ cloud, path, inputs }: Work): Promise<string> {
  const { keyString } = await cloud.request({
    service: 'apikeys',
    method: 'GET',
    path: `${path}/keyString`,
    answer: fields<{ keyString?: string }>({ keyString: text }),
  });
  if (!keyString) {
    throw new ActionError(`Google gave no string for the API key ${inputs.keyId}.`, {
      code: 'key-string',
      hint: 'run the job again; if it persists, choose another key_id',
    });
  }
  mask(keyString);
  return keyString;
}

async function wait(work: Work, start: () => Promise<Operation>, what: string): Promise<ApiKey> {
  log.info(`${capitalised(what)}…`);
  const key = await waitForOperation(work.cloud, KEYS, await start(), what, {
    timeout: Math.max(0, work.deadline - performance.now()),
    signal: cancellation,
    onProgress: (elapsed) => log.info(`Still ${what} after ${seconds(elapsed)}…`),
  });
  if (key.keyString) mask(key.keyString);
  return key;
}
