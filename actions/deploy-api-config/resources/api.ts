import { hasStatus } from '@gangway/google-cloud';
import type { Api } from '@gangway/google-cloud/api-gateway';
import { finish, remove, settled, stuck, TRIES, type Work } from '../plan/work.ts';

export interface ReadyApi {
  readonly managedService: string;
  /** Whether this run made it: then nothing hangs on it yet. */
  readonly fresh: boolean;
}

/**
 * Makes the API be there, whatever there is: none, one that is in order, one that another run is making, one that was
 * left failed. Creates first and asks after: where no gateway serves it there is hardly an API.
 */
export async function ensureApi(work: Work): Promise<ReadyApi> {
  const { gateways, plan, inputs, changes } = work;
  const what = `the API ${inputs.api}`;
  const get = () => settled(work, () => gateways.getApi(plan.apiName), what);
  let api: Api | undefined;
  for (let tries = 1; tries <= TRIES; tries++) {
    if (api) await remove(work, () => gateways.deleteApi(plan.apiName), `deleting ${what}, which is FAILED`);
    try {
      const made = await work.watch.time('API', async () => {
        // The log must not tell of a creation before it is one.
        const started = await gateways.createApi(plan.globalParent, inputs.api, {
          // A preview touches only what is its own.
          displayName: inputs.preview ? undefined : inputs.about.apiDisplayName,
          labels: inputs.preview ? {} : inputs.about.labels,
        });
        return finish(work, async () => started, `creating ${what}`);
      });
      if (made.state === 'ACTIVE') {
        changes.push(`API ${inputs.api} created`);
        return { managedService: made.managedService, fresh: true };
      }
      api = await get();
    } catch (error) {
      api = await existing(error, get);
    }
    if (api?.state === 'ACTIVE') return { managedService: api.managedService, fresh: false };
  }
  throw stuck(what, api?.state, `gcloud api-gateway apis describe ${inputs.api} --project=${plan.projectId}`);
}

/**
 * The API that a refused create says is there: of old, by another run, or by a first try whose answer was lost. Who may
 * not create one may still use one that is there.
 *
 * @throws the refusal, when it means something else
 */
async function existing(refusal: unknown, get: () => Promise<Api | undefined>): Promise<Api | undefined> {
  if (hasStatus(refusal, 'ALREADY_EXISTS')) return get();
  if (!hasStatus(refusal, 'PERMISSION_DENIED')) throw refusal;
  const api = await get().catch(() => undefined);
  if (!api) throw refusal;
  return api;
}
