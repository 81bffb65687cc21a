import { googleCloud } from '@gangway/google-cloud';
import { serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { REVISION } from '../api/allocation.ts';
import type { Place } from '../api/place.ts';
import type { Inputs } from '../inputs.ts';
import { refuseUnknownRevisions } from './known-revisions.ts';

const PARENT = 'v2/projects/p/locations/us-central1/services';

it.each<[string, object, boolean, string]>([
  [
    'Input "traffic" names the revision s-1',
    { previous: true },
    true,
    'name one yourself: revision_traffic: REVISION=100; the newest are: s-3, s-2',
  ],
  [
    'Input "revision_traffic" names the revision s-1',
    { revisions: { 's-1': 100 } },
    false,
    'write one that is there; "gcloud run revisions list --service=s --region=us-central1" lists them',
  ],
])('%s, which is gone', async (message, split, lists, hint) => {
  await using _ = await serve(({ path }) => {
    if (!path.includes('/revisions?'))
      return { status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } };
    if (!lists) return { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED' } } };
    return {
      body: { revisions: ['s-3', 's-2'].map((id) => ({ name: `${PARENT.slice(3)}/s/revisions/${id}` })) },
    };
  });
  const place = { cloud: googleCloud(signedIn()), parent: PARENT, path: `${PARENT}/s` } as Place;
  const plan = { traffic: [{ type: REVISION, revision: 's-1', percent: 100 }], revision: 's-3' };
  const inputs = { name: 's', region: 'us-central1', traffic: { split } } as Inputs;
  await expect(refuseUnknownRevisions(place, {}, plan, inputs)).rejects.toMatchObject({
    message: `${message}, which s does not have.`,
    hint,
  });
});
