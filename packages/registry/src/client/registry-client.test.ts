import { serve, type TestServer } from '@gangway/google-cloud/testing';
import { describe, expect, it } from 'vitest';
import { digestAt } from '../copy/copy.ts';
import { registryClient } from './registry-client.ts';
import type { Login } from './sign-in.ts';

const DIGEST = `sha256:${'b'.repeat(64)}`;

/** A registry that wants a token of its own, which it gives for what `accepted` finds good. */
function tokenRegistry(accepted: (request: { authorization: unknown; body: string }) => boolean) {
  return serve(({ path, headers, body }) => {
    const { authorization } = headers;
    if (path.startsWith('/token'))
      return accepted({ authorization, body })
        ? { body: { token: 'given' } }
        : { status: 401, body: { errors: [{ code: 'UNAUTHORIZED', message: 'who are you?' }] } };
    return authorization === 'Bearer given'
      ? { headers: { 'docker-content-digest': DIGEST } }
      : {
          status: 401,
          headers: { 'www-authenticate': `Bearer realm="http://${headers.host}/token",service="reg"` },
        };
  });
}

const ask = ({ host }: TestServer, login?: Login) =>
  digestAt({ registry: registryClient(host, login && (async () => login)), repository: 'team/base' }, '24', {
    retry: false,
  });

it('asks for a token as nobody where there is no login', async () => {
  await using server = await tokenRegistry(({ authorization }) => authorization === undefined);
  expect(await ask(server)).toBe(DIGEST);
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'HEAD /v2/team/base/manifests/24',
    'GET /token?service=reg&scope=repository%3Ateam%2Fbase%3Apull',
    'HEAD /v2/team/base/manifests/24',
  ]);
});

it('signs in with a name and a password, which only the sign-in gets', async () => {
  const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  await using server = await tokenRegistry(({ authorization }) => authorization === basic);
  expect(await ask(server, { username: 'me', password: 'secret' })).toBe(DIGEST);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    undefined,
    basic,
    'Bearer given',
  ]);
});

it('trades a refresh token', async () => {
  await using server = await tokenRegistry(
    ({ body }) => new URLSearchParams(body).get('refresh_token') === 'refresh',
  );
  expect(await ask(server, { username: '<token>', password: 'refresh' })).toBe(DIGEST);
  const [, trade] = server.requests;
  expect(trade?.method).toBe('POST');
  expect(trade?.headers.authorization).toBeUndefined();
  expect(Object.fromEntries(new URLSearchParams(trade?.body))).toEqual({
    grant_type: 'refresh_token',
    client_id: 'gangway',
    refresh_token: 'refresh',
    service: 'reg',
    scope: 'repository:team/base:pull',
  });
});

it('says what the sign-in was refused with', async () => {
  await using server = await tokenRegistry(() => false);
  await expect(ask(server, { username: 'me', password: 'wrong' })).rejects.toThrow(
    'The registry answered the sign-in for repository:team/base:pull with 401: UNAUTHORIZED: who are you?',
  );
});

it.each([429, 500])('says that the registry answered %i, at once where it is asked once', async (status) => {
  await using server = await serve(() => ({ status }));
  await expect(ask(server)).rejects.toThrow(`manifests/24 with ${status}`);
  expect(server.requests).toHaveLength(1);
});

it('gives nothing for what is not there', async () => {
  await using server = await serve(() => ({ status: 404 }));
  expect(await ask(server)).toBeUndefined();
});

describe('credentials stay with their registry', () => {
  const LOGIN = { username: 'me', password: 'secret' };

  it('when it sends a reader on to its storage', async () => {
    await using storage = await serve(() => ({ headers: { 'docker-content-digest': DIGEST } }));
    await using server = await serve(({ headers }) =>
      headers.authorization
        ? { status: 307, headers: { location: `http://${storage.host}/blob?signature=1` } }
        : { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
    );
    expect(await ask(server, LOGIN)).toBe(DIGEST);
    expect(storage.requests).toHaveLength(1);
    expect(storage.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('when it names another place to sign in at, in the clear', async () => {
    await using other = await serve(() => ({ body: { token: 'given' } }));
    await using server = await serve(() => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="http://${other.host}/token"` },
    }));
    await expect(ask(server, LOGIN)).rejects.toThrow('sends its clients to sign in over plain http');
    expect(other.requests).toEqual([]);
  });

  it('when the place to sign in at sends them on', async () => {
    await using other = await serve(() => ({ body: { token: 'given' } }));
    await using server = await serve(({ path, headers }) =>
      path.startsWith('/token')
        ? { status: 307, headers: { location: `http://${other.host}/token` } }
        : { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${headers.host}/token"` } },
    );
    await expect(ask(server, LOGIN)).rejects.toMatchObject({ code: 'redirected' });
    expect(other.requests).toEqual([]);
  });
});

it.each([null, [], 'x', { token: 5 }, { token: 'a b' }, {}])('takes no %j for a token', async (body) => {
  await using server = await serve(({ path, headers }) =>
    path.startsWith('/token')
      ? { body: JSON.stringify(body) }
      : { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${headers.host}/token"` } },
  );
  await expect(ask(server)).rejects.toMatchObject({ code: 'answer-unexpected' });
});
