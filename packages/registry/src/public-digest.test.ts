import { serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { publicDigest } from './public-digest.ts';

const DIGEST = `sha256:${'b'.repeat(64)}`;
const { transporter } = signedIn();

it('asks for a token where the registry wants one, without credentials', async () => {
  await using server = await serve(({ path, headers }) => {
    if (path.startsWith('/token')) return { body: { token: 'anonymous' } };
    return headers.authorization === 'Bearer anonymous'
      ? { headers: { 'docker-content-digest': DIGEST } }
      : {
          status: 401,
          headers: { 'www-authenticate': `Bearer realm="http://${headers.host}/token",service="reg"` },
        };
  });
  const image = { host: server.host, path: 'library/node', tag: '24', digest: undefined };
  expect(await publicDigest(transporter, image)).toBe(DIGEST);
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'HEAD /v2/library/node/manifests/24',
    'GET /token?service=reg&scope=repository%3Alibrary%2Fnode%3Apull',
    'HEAD /v2/library/node/manifests/24',
  ]);
  expect(server.requests[0]?.headers.authorization).toBeUndefined();
});

it.each([404, 429, 500])('says that the registry answered %i, at once', async (status) => {
  await using server = await serve(() => ({ status }));
  const image = { host: server.host, path: 'a', tag: 'b', digest: undefined };
  await expect(publicDigest(transporter, image)).rejects.toThrow(`${server.host} answered ${status}`);
  expect(server.requests).toHaveLength(1);
});
