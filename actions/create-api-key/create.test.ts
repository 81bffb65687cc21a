import { googleCloud } from '@gangway/google-cloud';
import { serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { createApiKey } from './create.ts';
import type { Inputs } from './inputs.ts';

const INPUTS = {
  ...{ keyId: 'key', displayName: 'Key', targets: [{ service: 'a.example.com' }], timeout: 10_000 },
  ...{ allowedIps: [], allowedReferrers: [], secret: undefined },
} as unknown as Inputs;
const NAME = 'projects/p/locations/global/keys/key';

it('pauses before it writes again what others have changed at the same time', async () => {
  const patched: number[] = [];
  await using _ = await serve(({ method, path }) => {
    if (path.endsWith('/keyString')) return { body: { keyString: 'AIza' } };
    if (method === 'GET') return { body: { name: NAME, displayName: 'Other', etag: `${patched.length}` } };
    if (patched.push(performance.now()) < 3)
      return { status: 409, body: { error: { code: 409, status: 'ABORTED', message: 'Changed.' } } };
    return { body: { name: 'operations/o', done: true, response: { name: NAME } } };
  });
  const { change } = await createApiKey(googleCloud(signedIn()), 'p', INPUTS);
  expect(change).toBe('updated');
  const [first = 0, second = 0, third = 0] = patched;
  // Timers may be a millisecond early.
  expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(99);
});
