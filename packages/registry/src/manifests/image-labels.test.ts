import { serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { imageLabels } from './image-labels.ts';

const [INDEX, IMAGE, CONFIG, PROOF] = ['1', '2', '3', '4'].map((digit) => `sha256:${digit.repeat(64)}`);
const ANSWERS: Readonly<Record<string, object>> = {
  [`/v2/p/r/app/manifests/${INDEX}`]: {
    manifests: [
      { digest: PROOF, platform: { os: 'unknown', architecture: 'unknown' } },
      { digest: IMAGE, platform: { os: 'linux', architecture: 'amd64' } },
    ],
  },
  [`/v2/p/r/app/manifests/${IMAGE}`]: { config: { digest: CONFIG } },
  [`/v2/p/r/app/blobs/${CONFIG}`]: { config: { Labels: { team: 'forecast' } } },
};

it.each([
  ['an image', IMAGE, 2],
  ['an index with attestations', INDEX, 3],
])('reads the labels of %s', async (_, digest = '', requests) => {
  await using server = await serve(({ path }) => ({ body: ANSWERS[path] ?? {} }));
  expect(await imageLabels(signedIn(), `${server.host}/p/r/app`, digest)).toEqual({ team: 'forecast' });
  expect(server.requests).toHaveLength(requests);
  expect(server.requests[0]?.headers.authorization).toBe('Bearer a-token');
});

it('knows images without labels, and what is no image', async () => {
  await using server = await serve(({ path }) => ({
    body: path.includes('blobs') ? { config: { Labels: null } } : {},
  }));
  expect(await imageLabels(signedIn(), `${server.host}/p/r/app`, IMAGE ?? '')).toEqual({});
});

it('says what refused it', async () => {
  await using server = await serve(() => ({ status: 403 }));
  await expect(imageLabels(signedIn(), `${server.host}/p/r/app`, IMAGE ?? '')).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining('with 403'),
  });
});
