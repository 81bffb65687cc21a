import { log } from '@gangway/action';
import { googleCloud } from '@gangway/google-cloud';
import { serve, signedIn } from '@gangway/google-cloud/testing';
import { afterEach, expect, it, vi } from 'vitest';
import type { Place } from '../api/place.ts';
import type { Inputs } from '../inputs.ts';
import { ownRevision } from './own-revision.ts';

const PARENT = 'v2/projects/p/locations/us-central1/services';
const inputs = { name: 's', kind: 'service', timeout: 10_000 } as Inputs;

/** A service whose latest revision is this. */
function latest(id: string, state: string) {
  return {
    name: `${PARENT.slice(3)}/s`,
    latestCreatedRevision: `${PARENT.slice(3)}/s/revisions/${id}`,
    lastModifier: 'other@example.com',
    reconciling: state !== 'CONDITION_SUCCEEDED',
    terminalCondition: { type: 'Ready', state },
  };
}

const place = () => ({ cloud: googleCloud(signedIn()), parent: PARENT, path: `${PARENT}/s` }) as Place;
const denied = { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED' } } };

afterEach(() => vi.restoreAllMocks());

it('needs to look at no revision while its own is the latest', async () => {
  let asked = 0;
  await using server = await serve(({ path }) => {
    if (path.includes('/revisions/')) return denied;
    return { body: latest('s-1', ++asked > 1 ? 'CONDITION_SUCCEEDED' : 'CONDITION_RECONCILING') };
  });
  await expect(ownRevision(place(), 's-1', undefined, inputs)).resolves.toMatchObject({ reconciling: false });
  expect(server.requests.map(({ path }) => path)).toEqual([`/${PARENT}/s`, `/${PARENT}/s`]);
});

it('tells once who has deployed since, also when that is after the first look', async () => {
  const written = vi.spyOn(log, 'info');
  let asked = 0;
  await using _ = await serve(({ path }) => {
    const isUp = ++asked > 4;
    if (path.includes('/revisions/'))
      return {
        body: { name: 's-1', conditions: [{ type: 'Ready', ...(isUp && { state: 'CONDITION_SUCCEEDED' }) }] },
      };
    return { body: latest(asked > 1 ? 's-2' : 's-1', 'CONDITION_RECONCILING') };
  });
  await ownRevision(place(), 's-1', undefined, inputs);
  expect(written.mock.calls).toEqual([['s was deployed by other@example.com since; looking at s-1…']]);
});
