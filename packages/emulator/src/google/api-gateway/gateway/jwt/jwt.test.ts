import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployGateway, type Echo, startBackend, type TestBackend } from '../../../../../test/gateway.ts';
import { type RunningCloud, startCloud } from '../../../../cloud.ts';

let cloud: RunningCloud;
let backend: TestBackend;
let issuer: TestBackend;
let url: string;
let managedService: string;
let sign: (claims: JWTPayload, header?: { kid?: string; alg?: string }) => Promise<string>;
let forge: typeof sign;

const ok = { '200': { description: 'ok' } };
const AUDIENCE = 'https://pets.example.com';

beforeAll(async () => {
  const [good, bad] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const signer =
    (key: typeof good.privateKey): typeof sign =>
    (claims, { kid = 'one' } = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
  sign = signer(good.privateKey);
  forge = signer(bad.privateKey);
  const jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(good.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }],
  });
  issuer = await startBackend((request, response) => {
    if (request.url === '/.well-known/openid-configuration')
      response.end(JSON.stringify({ jwks_uri: `${issuer.origin}/keys` }));
    else if (request.url === '/keys') response.end(jwks);
    else if (request.url === '/text') response.end('no json');
    else response.writeHead(500).end();
  });
  backend = await startBackend();
  cloud = await startCloud();
  const provider = (name: string, more: object = {}) => ({
    type: 'oauth2',
    flow: 'implicit',
    authorizationUrl: '',
    'x-google-issuer': name,
    'x-google-jwks_uri': `${issuer.origin}/keys`,
    'x-google-audiences': `${AUDIENCE}, second`,
    ...more,
  });
  const operation = (operationId: string, ...security: object[]) => ({
    get: { operationId, responses: ok, security },
  });
  const document = {
    swagger: '2.0',
    info: { title: 'Tokens', version: '1.0.0' },
    'x-google-backend': { address: backend.origin },
    securityDefinitions: {
      key: { type: 'apiKey', name: 'key', in: 'query' },
      a: provider('issuer-a'),
      b: provider('issuer-b'),
      discovered: provider(issuer.origin, { 'x-google-jwks_uri': undefined }),
      service: provider('issuer-s', { 'x-google-audiences': undefined }),
      placed: provider('issuer-p', {
        'x-google-jwt-locations': [{ header: 'x-token', value_prefix: 'JWT ' }, { query: 'jwt' }],
      }),
      broken: provider('issuer-x', { 'x-google-jwks_uri': `${issuer.origin}/missing` }),
      garbled: provider('issuer-g', { 'x-google-jwks_uri': `${issuer.origin}/text` }),
      google: provider('https://accounts.google.com', {
        'x-google-jwks_uri': 'https://www.googleapis.com/oauth2/v3/certs',
      }),
      unfinished: provider('', { 'x-google-issuer': undefined }),
    },
    paths: {
      '/a': operation('a', { a: [] }),
      '/either': operation('either', { a: [] }, { b: [] }),
      '/both': operation('both', { a: [], key: [] }),
      '/optional': operation('optional', { a: [] }, {}),
      '/discovered': operation('discovered', { discovered: [] }),
      '/service': operation('service', { service: [] }),
      '/placed': operation('placed', { placed: [] }),
      '/broken': operation('broken', { broken: [] }),
      '/garbled': operation('garbled', { garbled: [] }),
      '/google': operation('google', { google: [] }),
      '/unfinished': operation('unfinished', { unfinished: [] }),
    },
  };
  ({ url, managedService } = await deployGateway(cloud, document));
});

afterAll(async () => {
  await Promise.all([cloud, backend, issuer].map((each) => each.close()));
});

const now = () => Math.floor(Date.now() / 1000);
const claims = (more: JWTPayload = {}): JWTPayload => ({
  iss: 'issuer-a',
  aud: AUDIENCE,
  sub: 'me',
  exp: now() + 600,
  ...more,
});

async function ask(path: string, token?: string): Promise<[number, string, string | null]> {
  const response = await fetch(`${url}${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const { message = '' } = (await response.json()) as { message?: string };
  return [response.status, message, response.headers.get('www-authenticate')];
}

const served = [200, '', null];
const refused = (message: string, path = '/a') => [
  401,
  message,
  `Bearer realm="${url}${path}", error="invalid_token"`,
];

describe('the JWT check', () => {
  it('lets a good token through and hands its payload on', async () => {
    const token = await sign(claims());
    const echo = (await (
      await fetch(`${url}/a`, { headers: { authorization: `Bearer ${token}` } })
    ).json()) as Echo;
    expect(echo.headers['x-apigateway-api-userinfo']).toBe(token.split('.')[1]);
    expect(echo.headers['x-forwarded-authorization']).toBe(`Bearer ${token}`);
    expect(await ask(`/a?access_token=${token}`)).toEqual(served);
    expect(await ask('/a', await sign(claims({ aud: ['x', 'second'] })))).toEqual(served);
    expect(await ask('/a', await sign(claims({ aud: 'pets.example.com/' })))).toEqual(served);
  });

  it('says what is wrong with a token, in Envoy’s words', async () => {
    expect(await ask('/a')).toEqual([401, 'Jwt is missing', `Bearer realm="${url}/a"`]);
    expect(await ask('/a', 'x.y')).toEqual(
      refused('Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections'),
    );
    expect(await ask('/a', '!.e30.e30')).toEqual(refused('Jwt header is an invalid Base64url encoded'));
    expect(await ask('/a', 'eA.e30.e30')).toEqual(refused('Jwt header is an invalid JSON'));
    expect(await ask('/a', 'e30.e30.e30')).toEqual(
      refused('Jwt header [alg] field is required and must be a string'),
    );
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await ask('/a', `${header}.e30.`)).toEqual(refused('Jwt header [alg] is not supported'));
    expect(await ask('/a', await sign(claims({ exp: now() - 120 })))).toEqual(refused('Jwt is expired'));
    expect(await ask('/a', await sign(claims({ nbf: now() + 120 })))).toEqual(refused('Jwt not yet valid'));
    expect(await ask('/a', await sign(claims({ iss: 'somebody' })))).toEqual(
      refused('Jwt issuer is not configured'),
    );
    expect(await ask('/a', await sign(claims({ aud: 'other' })))).toEqual([
      403,
      'Audiences in Jwt are not allowed',
      null,
    ]);
    expect(await ask('/a', await forge(claims()))).toEqual(refused('Jwt verification fails'));
    expect(await ask('/a', await sign(claims(), { kid: 'two' }))).toEqual(
      refused("Jwks doesn't have key to match kid or alg from Jwt"),
    );
  });

  it('takes a token again, but none that was changed, and not for what it is not for', async () => {
    const token = await sign(claims());
    for (const _ of [1, 2]) expect(await ask('/a', token)).toEqual(served);
    expect(await ask('/a', `${token.slice(0, -6)}AAAAAA`)).toEqual(refused('Jwt verification fails'));
    const [head, , signature] = token.split('.');
    const payload = Buffer.from(JSON.stringify(claims({ sub: 'you' }))).toString('base64url');
    expect(await ask('/a', `${head}.${payload}.${signature}`)).toEqual(refused('Jwt verification fails'));
    expect(await ask('/discovered', token)).toEqual(refused('Jwt issuer is not configured', '/discovered'));
  });

  it('allows a minute of clock skew', async () => {
    expect(await ask('/a', await sign(claims({ exp: now() - 30 })))).toEqual(served);
  });

  it('takes a token of any of several providers', async () => {
    expect(await ask('/either', await sign(claims({ iss: 'issuer-b' })))).toEqual(served);
    expect(await ask('/either', await sign(claims({ iss: 'issuer-c' })))).toEqual(
      refused('Jwt issuer is not configured', '/either'),
    );
    expect(await ask('/either', await sign(claims({ exp: 1 })))).toEqual(
      refused('Jwt is expired', '/either'),
    );
  });

  it('asks for the token before the key, and for both', async () => {
    expect((await ask('/both'))[1]).toBe('Jwt is missing');
    expect((await ask('/both', await sign(claims())))[1]).toContain(
      "Method doesn't allow unregistered callers",
    );
  });

  it('does not become optional by an empty requirement', async () => {
    expect((await ask('/optional'))[1]).toBe('Jwt is missing');
  });

  it('finds keys by discovery, and those of the local cloud itself', async () => {
    expect(await ask('/discovered', await sign(claims({ iss: issuer.origin })))).toEqual(served);
    const token = await cloud.keys.sign({ ...claims(), iss: 'https://accounts.google.com' });
    expect(await ask('/google', token)).toEqual(served);
  });

  it('takes the managed service as the audience where none is named', async () => {
    expect(
      await ask('/service', await sign(claims({ iss: 'issuer-s', aud: `https://${managedService}` }))),
    ).toEqual(served);
    expect(await ask('/service', await sign(claims({ iss: 'issuer-s' })))).toEqual([
      403,
      'Audiences in Jwt are not allowed',
      null,
    ]);
  });

  it('looks where the document says tokens are, and nowhere else', async () => {
    const token = await sign(claims({ iss: 'issuer-p' }));
    expect((await ask('/placed', token))[1]).toBe('Jwt is missing');
    expect(await ask(`/placed?jwt=${token}`)).toEqual(served);
    const response = await fetch(`${url}/placed`, { headers: { 'x-token': `JWT ${token}` } });
    expect(response.status).toBe(200);
  });

  it('stays closed when the keys cannot be had', async () => {
    expect(await ask('/broken', await sign(claims({ iss: 'issuer-x' })))).toEqual(
      refused('Jwks remote fetch is failed', '/broken'),
    );
    expect(await ask('/garbled', await sign(claims({ iss: 'issuer-g' })))).toEqual(
      refused('Jwks is an invalid JSON', '/garbled'),
    );
    expect(await ask('/unfinished', await sign(claims({ iss: '' })))).toEqual(
      refused('Jwt issuer is not configured', '/unfinished'),
    );
  });

  it('keeps fetched keys for five minutes', async () => {
    const before = issuer.requests;
    await ask('/a', await sign(claims()));
    await ask('/a', await sign(claims()));
    expect(issuer.requests).toBe(before);
  });
});
