import { hasStatus } from '@gangway/google-cloud';
import type { Api } from '@gangway/google-cloud/api-gateway';
import { finish, remove, settled, stuck, TRIES, type Work } from './work.ts';

export interface ReadyApi {
  readonly api: Api;
  /** Whether this run made it: then nothing hangs on it yet. */
  readonly fresh: boolean;
}

/**
 * Makes the API be there, whatever there is: none, one that another run is making, one that was left failed.
 *
 * @param found what was found at the start
 */
export async function ensureApi(work: Work, found: Api | undefined): Promise<ReadyApi> {
  const { gateways, plan, inputs, changes } = work;
  const what = `the API ${inputs.api}`;
  const get = () => settled(work, () => gateways.getApi(plan.apiName), what);
  if (found?.state === 'ACTIVE') return { api: found, fresh: false };
  let api = found && (await get());
  for (let tries = 1; tries <= TRIES; tries++) {
    if (api?.state === 'ACTIVE') {
      if (!found) changes.push(`API ${inputs.api} created`);
      return { api, fresh: false };
    }
    if (api) await remove(work, () => gateways.deleteApi(plan.apiName), `deleting ${what}, which is FAILED`);
    try {
      const made = await work.watch.time('API', () =>
        finish(work, () => gateways.createApi(plan.globalParent, inputs.api), `creating ${what}`),
      );
      if (made.state === 'ACTIVE') {
        changes.push(`API ${inputs.api} created`);
        return { api: made, fresh: true };
      }
    } catch (error) {
      // Made by another run, or by a first try whose answer was lost.
      if (!hasStatus(error, 'ALREADY_EXISTS')) throw error;
    }
    api = await get();
  }
  throw stuck(what, api?.state, `gcloud api-gateway apis describe ${inputs.api} --project=${plan.projectId}`);
}
