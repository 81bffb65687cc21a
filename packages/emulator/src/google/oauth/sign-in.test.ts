import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, caller, tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { GITHUB_ISSUER, idTokenClaims } from '../../github/id-token.ts';
import { githubRequestToken, readRequestToken } from '../../github/request-token.ts';
import { serviceAccount } from '../../kernel/principal.ts';
import { seededAccounts, seededProvider } from '../../seeded.ts';
import { services } from '../../services.ts';
import { createServiceAccountKey, type KeyFile } from '../iam/accounts/key-file.ts';

type Claims = Record<string, unknown>;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const READ = 'https://www.googleapis.com/auth/cloud-platform.read-only';
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SERVICE = '/v1/projects/demo-project/services/run.googleapis.com';
const now = (): number => Math.floor(Date.now() / 1000);
/** A JSON text that JSON.stringify can't write. */
const literal = (text: string): unknown => ({ literal: text });

let cloud: RunningCloud;
let key: KeyFile;
let provider: string;
let deployer: string;
beforeAll(async () => {
  cloud = await startCloud();
  ({ deployer } = seededAccounts(cloud.project));
  key = await createServiceAccountKey(cloud, deployer);
  provider = seededProvider(cloud.project);
});
afterAll(() => cloud.close());

function encode(value: Claims): string {
  const text = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => {
      const raw = (member as { literal?: string } | null)?.literal;
      return `${JSON.stringify(name)}:${raw ?? JSON.stringify(member)}`;
    });
  return Buffer.from(`{${text.join(',')}}`).toString('base64url');
}

/** A JWT of the key file, its claims and header as they are said to be. */
function ofKey(claims: Claims, header: Claims = {}, file = key): string {
  const head = encode({ alg: 'RS256', typ: 'JWT', kid: file.private_key_id, ...header });
  const signed = `${head}.${encode({ iss: file.client_email, iat: now(), exp: now() + 3600, ...claims })}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), file.private_key).toString('base64url')}`;
}

async function ofGitHub(claims: Claims = {}): Promise<string> {
  const job = readRequestToken(cloud, githubRequestToken(cloud));
  if (!job) throw new Error('no job');
  const audience = `https://iam.googleapis.com/${provider}`;
  return cloud.keys.sign({ ...idTokenClaims(job, audience, Date.now()), ...claims });
}

async function form(path: string, fields: Record<string, string | undefined>): Promise<Answer> {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const body = new URLSearchParams(given);
  const response = await fetch(`${cloud.origin}${path}`, { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function exchange(fields: Record<string, string | undefined>): Promise<Answer> {
  return form('/v1/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    scope: SCOPE,
    audience: `//iam.googleapis.com/${provider}`,
    subject_token: await ofGitHub(),
    ...fields,
  });
}

function grant(claims: Claims, header?: Claims, file?: KeyFile): Promise<Answer> {
  return form('/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: ofKey({ aud: TOKEN_URL, scope: SCOPE, ...claims }, header, file),
  });
}

/** Times that are none, or not the right ones, whoever reads them. */
const BAD_TIMES: readonly [string, () => Claims][] = [
  ['no iat', () => ({ iat: undefined })],
  ['no exp', () => ({ exp: undefined })],
  ['iat that is null', () => ({ iat: null })],
  ['iat that is a text', () => ({ iat: String(now()) })],
  ['exp that is a text', () => ({ exp: String(now() + 300) })],
  ['iat that is a word', () => ({ iat: 'now' })],
  ['exp that is a list', () => ({ exp: [now() + 300] })],
  ['exp that is true', () => ({ exp: true })],
  ['iat with a fraction', () => ({ iat: now() - 1.5 })],
  ['exp with a fraction', () => ({ exp: now() + 300.5 })],
  ['exp that is huge', () => ({ exp: literal('1e300') })],
  ['exp that is infinite', () => ({ exp: literal('1e999') })],
  ['exp in milliseconds', () => ({ exp: (now() + 300) * 1000 })],
  ['exp below zero', () => ({ exp: -1 })],
  ['iat below zero', () => ({ iat: -1 })],
  ['iat of last week', () => ({ iat: now() - 7 * 86_400 })],
  ['iat of next week', () => ({ iat: now() + 7 * 86_400, exp: now() + 7 * 86_400 + 300 })],
  ['exp that is past', () => ({ iat: now() - 900, exp: now() - 600 })],
  ['exp before iat', () => ({ iat: now() + 100, exp: now() + 50 })],
  ['exp next year', () => ({ exp: now() + 365 * 86_400 })],
  ['nbf that is a text', () => ({ nbf: 'now' })],
  ['nbf of next week', () => ({ nbf: now() + 7 * 86_400 })],
];

/** Ways to have a JWT that the issuer never signed. */
const FORGERIES: readonly [string, (good: string) => string][] = [
  ['alg none', (good) => `${encode({ alg: 'none' })}.${good.split('.')[1]}.`],
  ['alg none and a signature', (good) => `${encode({ alg: 'none' })}.${good.split('.').slice(1).join('.')}`],
  ['no signature', (good) => good.replace(/\.[^.]*$/, '.')],
  ['another signature', (good) => good.replace(/\.[^.]*$/, `.${Buffer.alloc(256, 1).toString('base64url')}`)],
  ['two parts', (good) => good.replace(/\.[^.]*$/, '')],
  ['four parts', (good) => `${good}.x`],
  ['padding', (good) => `${good}==`],
  ['characters of no base64url', (good) => good.replace('.', '+/.')],
  ['white space in it', (good) => good.replace('.', ' .')],
  ['no JSON', (good) => good.replace(/^[^.]*/, Buffer.from('{').toString('base64url'))],
  ['a list for a header', (good) => good.replace(/^[^.]*/, Buffer.from('[]').toString('base64url'))],
  ['nothing', () => ''],
];

describe('the token service refuses', () => {
  it.each(BAD_TIMES)('%s', async (_, claims) => {
    const { status, body } = await exchange({ subject_token: await forged(claims()) });
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' });
  });

  /** Signed by GitHub's key itself, so that only the times are wrong: what JSON can't say is put in by hand. */
  async function forged(claims: Claims): Promise<string> {
    const raw = Object.entries(claims).filter(([, value]) => (value as Claims | null)?.literal !== undefined);
    if (raw.length > 0)
      return ofGitHub({ ...claims, ...Object.fromEntries(raw.map(([name]) => [name, 9e15])) });
    return ofGitHub(claims);
  }

  it.each(FORGERIES)('%s', async (_, forge) => {
    const { status, body } = await exchange({ subject_token: forge(await ofGitHub()) });
    expect(status).toBe(400);
    expect(['invalid_grant', 'invalid_request']).toContain(body.error);
  });

  it("a MAC made with the issuer's public key", async () => {
    const [jwk] = (await cloud.keys.jwks(GITHUB_ISSUER))?.keys ?? [];
    const pem = createPublicKey({ key: jwk ?? {}, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const signed = `${encode({ alg: 'HS256', kid: jwk?.kid })}.${(await ofGitHub()).split('.')[1]}`;
    const mac = createHmac('sha256', pem).update(signed).digest('base64url');
    expect((await exchange({ subject_token: `${signed}.${mac}` })).body.error).toBe('invalid_grant');
  });

  it.each([
    ['no sub', { sub: undefined }],
    ['an empty sub', { sub: '' }],
    ['a sub that is no text', { sub: 5 }],
    ['no aud', { aud: undefined }],
    ['an aud that is no text', { aud: { a: 1 } }],
    ['a list of audiences with a number in it', { aud: [1] }],
    ['the audience with a slash', { aud: `https://iam.googleapis.com/projects/1/` }],
    ['no iss', { iss: undefined }],
  ])('%s', async (_, claims) => {
    const good = await ofGitHub();
    const token =
      'iss' in claims
        ? `${good.split('.')[0]}.${encode({ sub: 'x' })}.${good.split('.')[2]}`
        : await ofGitHub(claims);
    expect((await exchange({ subject_token: token })).body.error).toBe('invalid_grant');
  });

  it.each([
    ['without grant_type', { grant_type: undefined }, 'invalid_request'],
    ['for another grant', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['without requested_token_type', { requested_token_type: undefined }, 'invalid_request'],
    [
      'for an ID token',
      { requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
      'invalid_request',
    ],
    ['without subject_token_type', { subject_token_type: undefined }, 'invalid_request'],
    [
      'of a type it has not',
      { subject_token_type: 'urn:ietf:params:oauth:token-type:saml1' },
      'invalid_request',
    ],
    ['without subject_token', { subject_token: undefined }, 'invalid_request'],
    ['without audience', { audience: undefined }, 'invalid_request'],
    ['without scope', { scope: undefined }, 'invalid_request'],
    ['of a blank scope', { scope: '  ' }, 'invalid_request'],
    ['of a scope that is no address', { scope: 'cloud-platform' }, 'invalid_scope'],
    ['of a scope of somebody else', { scope: 'https://example.com/auth/all' }, 'invalid_scope'],
    [
      'of a scope that Google has not',
      { scope: 'https://www.googleapis.com/auth/nonsense' },
      'invalid_scope',
    ],
    ['of a good scope and junk', { scope: `${SCOPE} junk` }, 'invalid_scope'],
    ['of a scope taken apart', { scope: [...SCOPE].join(' ') }, 'invalid_scope'],
    ['with options that are not JSON', { options: '{' }, 'invalid_request'],
    ['with a user project', { options: '{"userProject":"demo-project"}' }, 'invalid_request'],
  ])('a request %s', async (_, fields, error) => {
    const { status, body } = await exchange(fields);
    expect({ status, error: body.error }).toEqual({ status: 400, error });
  });

  it('a request in its own words', async () => {
    const said = async (fields: Record<string, string | undefined>) =>
      (await exchange(fields)).body.error_description;
    expect(await said({ scope: undefined })).toBe('Scope(s) must be provided.');
    expect(await said({ requested_token_type: 'x' })).toBe(
      'Invalid value of requested_token_type in request.',
    );
    expect(await said({ scope: `${SCOPE} junk` })).toBe(
      `Some requested scopes were invalid. {valid=[${SCOPE}], invalid=[junk]}`,
    );
  });

  it('a field that is there twice', async () => {
    const body = new URLSearchParams({ scope: SCOPE });
    body.append('scope', 'openid');
    const response = await fetch(`${cloud.origin}/v1/token`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  it.each([
    ['a number', { scope: 5 }, "Invalid value at 'scope' (TYPE_STRING), 5"],
    ['a list', { scope: [SCOPE] }, "Invalid value at 'scope' (TYPE_STRING)"],
    ['a name it has not', { scopes: SCOPE }, 'Unknown name "scopes"'],
  ])('JSON with %s', async (_, body, message) => {
    const answer = await caller(cloud)('POST', '/v1/token', body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(JSON.stringify(message).slice(1, -1));
  });

  it('a token for a pool or provider that is off, and the tokens of a pool that is', async () => {
    const { pools } = cloud.iamAdmin;
    const pool = pools.getPool(provider.replace(/\/providers\/.*/, ''));
    const { access_token: token } = (await exchange({})).body;
    const works = async () => (await caller(cloud, String(token))('GET', SERVICE)).status;
    expect(await works()).toBe(200);
    for (const change of ['disabled', 'deleted'] as const) {
      pool[change] = true;
      expect((await exchange({})).body.error).toBe('invalid_target');
      expect(await works()).toBe(401);
      pool[change] = false;
      expect(await works()).toBe(200);
      const own = pools.get(provider);
      own[change] = true;
      expect((await exchange({})).body.error).toBe('invalid_target');
      expect(await works()).toBe(200);
      own[change] = false;
    }
  });
});

describe('the token service takes', () => {
  it.each([
    ['several scopes', { scope: `${SCOPE} openid email` }],
    ['empty options', { options: '%7B%7D' }],
    ['an ID token', { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }],
  ])('%s', async (_, fields) => {
    expect((await exchange(fields)).status).toBe(200);
  });

  it("JSON by protobuf's names too", async () => {
    const fields = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      scope: SCOPE,
      audience: `//iam.googleapis.com/${provider}`,
      subjectToken: await ofGitHub(),
    };
    expect((await caller(cloud)('POST', '/v1/token', fields)).status).toBe(200);
  });
});

describe('the OAuth server refuses a JWT of a service account', () => {
  it.each([...BAD_TIMES, ['over an hour', () => ({ exp: now() + 3700 })] as const])(
    'with %s',
    async (_, claims) => {
      const { status, body } = await grant(claims());
      expect(status).toBe(400);
      expect(body.error_description).toMatch(
        /^Invalid JWT: Token must be a short-lived token \(60 minutes\)/,
      );
    },
  );

  it.each(FORGERIES)('with %s', async (_, forge) => {
    const assertion = forge(ofKey({ aud: TOKEN_URL, scope: SCOPE }));
    const { body } = await form('/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    });
    expect(body.error).toBe('invalid_grant');
  });

  it.each([
    ['of an unknown key', {}, { kid: 'f'.repeat(40) }, 'Invalid JWT Signature.'],
    ['with a MAC', {}, { alg: 'HS256' }, 'Invalid JWT: Failed to parse the JWT.'],
    ['with an extension', {}, { crit: ['exp'] }, 'Invalid JWT: Failed to parse the JWT.'],
    ['of an account by its number', { iss: '123456789012345678901' }, {}, 'Invalid grant: account not found'],
    ['of no issuer', { iss: undefined }, {}, 'Invalid grant: account not found'],
    ['for nobody', { aud: undefined }, {}, 'Invalid JWT: Failed audience check.'],
    ['for a list', { aud: [TOKEN_URL] }, {}, 'Invalid JWT: Failed audience check.'],
    ['for an API', { aud: 'https://run.googleapis.com/' }, {}, 'Invalid JWT: Failed audience check.'],
    ['of junk scopes', { scope: 'junk' }, {}, 'Invalid OAuth scope or ID token audience provided.'],
    ['of scopes in a list', { scope: [SCOPE] }, {}, 'Invalid OAuth scope or ID token audience provided.'],
    ['of a blank scope', { scope: ' ' }, {}, 'Invalid OAuth scope or ID token audience provided.'],
    ['of no ID token audience', { scope: undefined, target_audience: '' }, {}, 'Invalid OAuth scope'],
  ])('%s', async (_, claims, header, message) => {
    const { status, body } = await grant(claims, header);
    expect(status).toBe(400);
    expect(body.error_description).toContain(message);
  });

  it.each([
    { sub: 'person@example.com' },
    { sub: 'gateway@demo-project.iam.gserviceaccount.com' },
    { sub: 5 },
  ])('that is to act as another: %j', async (claims) => {
    expect(await grant(claims)).toMatchObject({ status: 401, body: { error: 'unauthorized_client' } });
    expect((await grant({ sub: deployer })).status).toBe(200);
  });
});

describe('a self-signed JWT', () => {
  const status = async (claims: Claims, header?: Claims, path = SERVICE) =>
    (await caller(cloud, ofKey({ sub: deployer, ...claims }, header))('GET', path)).status;

  it.each([
    { aud: 'https://serviceusage.googleapis.com/' },
    { aud: `https://serviceusage.googleapis.com${SERVICE}` },
    { scope: `openid ${READ}` },
    { aud: 'https://serviceusage.googleapis.com/', scope: SCOPE },
  ])('is good with %j', async (claims) => {
    expect(await status(claims)).toBe(200);
  });

  it.each([
    [{ aud: 'https://run.googleapis.com/' }, 401],
    [{ aud: 'https://example.com/' }, 401],
    [{ aud: 'https://serviceusage.googleapis.com.example.com/' }, 401],
    [{ aud: 'https://serviceusage.googleapis.com' }, 401],
    [{ aud: ['https://serviceusage.googleapis.com/', 'https://run.googleapis.com/'] }, 401],
    [{ aud: TOKEN_URL }, 401],
    [{ aud: 5, scope: SCOPE }, 401],
    [{ aud: 'https://run.googleapis.com/', scope: SCOPE }, 401],
    [{}, 401],
    [{ scope: '' }, 401],
    [{ scope: 'junk' }, 401],
    [{ scope: [SCOPE] }, 401],
    [{ scope: 'https://www.googleapis.com/auth/devstorage.read_only' }, 403],
    [{ scope: 'openid email' }, 403],
    [{ scope: SCOPE, sub: undefined }, 401],
    [{ scope: SCOPE, sub: 'person@example.com' }, 401],
    [{ scope: SCOPE, sub: 'gateway@demo-project.iam.gserviceaccount.com' }, 401],
  ])('is none with %j', async (claims, expected) => {
    expect(await status(claims)).toBe(expected);
  });

  it.each([...BAD_TIMES, ['over an hour', () => ({ exp: now() + 3700 })] as const])(
    'is none with %s',
    async (_, claims) => {
      expect(await status({ scope: SCOPE, ...claims() })).toBe(401);
    },
  );

  it('names its key, which is of the account', async () => {
    expect(await status({ scope: SCOPE }, { kid: undefined })).toBe(401);
    expect(await status({ scope: SCOPE }, { kid: 'f'.repeat(40) })).toBe(401);
  });

  it('is not for what answers no API', async () => {
    const stranger = ofKey({ sub: deployer, aud: 'https://run.googleapis.com/' });
    for (const path of ['/serviceusage/v1/operations/x', '/iam/v1/roles', '/v1/projects'])
      expect((await caller(cloud, stranger)('GET', path)).status, path).toBe(401);
  });
});

describe('an account', () => {
  it('that is disabled: its tokens, keys and JWTs are refused until it is enabled', async () => {
    const owner = caller(cloud, tokenOf(cloud, 'owner@example.com'));
    const path = `/v1/projects/demo-project/serviceAccounts/${deployer}`;
    const token = String((await grant({})).body.access_token);
    const ways = async () => [
      (await caller(cloud, token)('GET', SERVICE)).status,
      (await caller(cloud, ofKey({ sub: deployer, scope: SCOPE }))('GET', SERVICE)).status,
      (await grant({})).status,
    ];
    expect(await ways()).toEqual([200, 200, 200]);
    await owner('POST', `${path}:disable`, {});
    expect(await ways()).toEqual([401, 401, 400]);
    expect((await caller(cloud, token)('GET', SERVICE)).body).toMatchObject({
      error: { status: 'UNAUTHENTICATED', details: [{ reason: 'ACCOUNT_STATE_INVALID' }] },
    });
    expect((await form(`/tokeninfo?access_token=${token}`, {})).status).toBe(400);
    const basic = Buffer.from(`oauth2accesstoken:${token}`).toString('base64');
    const registry = await fetch(`${cloud.origin}/v2/token`, {
      headers: { authorization: `Basic ${basic}` },
    });
    expect(registry.status).toBe(401);
    await owner('POST', `${path}:enable`, {});
    expect(await ways()).toEqual([200, 200, 200]);
  });

  it('that is deleted leaves nothing to who takes its name', async () => {
    const owner = caller(cloud, tokenOf(cloud, 'owner@example.com'));
    const accounts = '/v1/projects/demo-project/serviceAccounts';
    const made = async () =>
      String((await owner('POST', accounts, { accountId: 'short-lived' })).body.uniqueId);
    const first = await made();
    const email = 'short-lived@demo-project.iam.gserviceaccount.com';
    cloud.iam.grant(
      'projects/demo-project',
      'roles/serviceusage.serviceUsageAdmin',
      `serviceAccount:${email}`,
    );
    const file = await createServiceAccountKey(cloud, email);
    const old = cloud.tokens.issue(serviceAccount(email), 3600).token;
    const works = async (token = old) => (await caller(cloud, token)('GET', SERVICE)).status;
    expect(await works()).toBe(200);
    expect((await owner('DELETE', `${accounts}/${email}`)).status).toBe(200);
    expect(await works()).toBe(401);
    expect((await grant({}, {}, file)).body.error_description).toBe('Invalid grant: account not found');
    expect((await owner('POST', `${accounts}/${first}:undelete`, {})).body).toMatchObject({
      restoredAccount: { email },
    });
    expect(await works()).toBe(200);
    await owner('DELETE', `${accounts}/${email}`);
    expect(await made()).not.toBe(first);
    expect(await works()).toBe(401);
    expect(await works(cloud.tokens.issue(serviceAccount(email), 3600).token)).toBe(403);
  });

  it('whose key is disabled is signed in to by its others alone', async () => {
    const owner = caller(cloud, tokenOf(cloud, 'owner@example.com'));
    const file = await createServiceAccountKey(cloud, deployer);
    const path = `/v1/projects/-/serviceAccounts/${deployer}/keys/${file.private_key_id}`;
    expect((await owner('POST', `${path}:disable`, {})).status).toBe(200);
    expect((await owner('GET', path)).body.disabled).toBe(true);
    expect((await grant({}, {}, file)).body.error_description).toBe('Invalid JWT Signature.');
    expect((await grant({})).status).toBe(200);
    await owner('POST', `${path}:enable`, {});
    expect((await grant({}, {}, file)).status).toBe(200);
  });
});

describe('IAM Credentials', () => {
  const call = (name: string, verb: string, body: unknown) =>
    caller(cloud, tokenOf(cloud, 'owner@example.com'))('POST', `/v1/${name}:${verb}`, body);
  const wildcard = () => `projects/-/serviceAccounts/${deployer}`;
  const BODIES = {
    generateAccessToken: { scope: [SCOPE] },
    generateIdToken: { audience: 'https://a' },
    signBlob: { payload: 'aGVsbG8=' },
    signJwt: { payload: '{"sub":"a"}' },
  };
  beforeAll(() => {
    cloud.iam.grant(
      'projects/demo-project',
      'roles/iam.serviceAccountTokenCreator',
      'user:owner@example.com',
    );
  });

  it.each(Object.entries(BODIES))('%s needs the - in place of a project', async (verb, body) => {
    expect((await call(wildcard(), verb, body)).status).toBe(200);
    for (const project of ['demo-project', '123456789012', '*']) {
      const { status, body: answer } = await call(
        `projects/${project}/serviceAccounts/${deployer}`,
        verb,
        body,
      );
      expect({ status, ...Object(answer.error) }).toMatchObject({ status: 'INVALID_ARGUMENT', code: 400 });
    }
  });

  it.each([
    [
      'a quote in the account',
      '"deployer@demo-project.iam.gserviceaccount.com',
      'Invalid form of account ID',
    ],
    ['a word for an account', 'deployer', 'Invalid form of account ID'],
  ])('refuses %s', async (_, account, message) => {
    const { body } = await call(
      `projects/-/serviceAccounts/${encodeURIComponent(account)}`,
      'generateAccessToken',
      BODIES.generateAccessToken,
    );
    expect(JSON.stringify(body)).toContain(message);
  });

  it.each([
    { scope: undefined },
    { scope: [] },
    { scope: [''] },
    { scope: ['junk'] },
    { scope: [5] },
    { lifetime: '3601s' },
    { lifetime: '3600.1s' },
    { lifetime: '0s' },
    { lifetime: '-5s' },
    { lifetime: '1h' },
    { lifetime: '60' },
    { lifetime: 60 },
    { lifetime: '1e3s' },
    { delegates: ['projects/demo-project/serviceAccounts/a@b.iam.gserviceaccount.com'] },
    { delegates: ['a@b.iam.gserviceaccount.com'] },
  ])('refuses an access token for %j', async (change) => {
    const { status } = await call(wildcard(), 'generateAccessToken', { scope: [SCOPE], ...change });
    expect(status).toBe(400);
  });

  it.each([{ audience: '' }, { audience: 5 }, { audience: 'a', includeEmail: 'yes' }])(
    'refuses an ID token for %j',
    async (body) => {
      expect((await call(wildcard(), 'generateIdToken', body)).status).toBe(400);
    },
  );

  it.each([
    '',
    '[]',
    'text',
    JSON.stringify({ exp: now() - 5 }),
    JSON.stringify({ exp: now() + 13 * 3600 }),
    '{"exp":"1"}',
  ])('does not sign %j', async (payload) => {
    expect((await call(wildcard(), 'signJwt', { payload })).status).toBe(400);
  });

  it('signs what the OAuth server takes', async () => {
    const claims = {
      iss: deployer,
      sub: deployer,
      aud: TOKEN_URL,
      scope: SCOPE,
      iat: now(),
      exp: now() + 600,
    };
    const { body } = await call(wildcard(), 'signJwt', { payload: JSON.stringify(claims) });
    const assertion = String(body.signedJwt);
    const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    expect((await form('/token', { grant_type: grantType, assertion })).status).toBe(200);
  });

  it("signs a blob with a key that is among the account's", async () => {
    const { body } = await call(wildcard(), 'signBlob', BODIES.signBlob);
    const published = await caller(cloud)('GET', `/service_accounts/v1/jwk/${deployer}`);
    const keys = published.body.keys as { kid: string }[];
    expect(keys.map(({ kid }) => kid)).toContain(body.keyId);
    expect(createPrivateKey(key.private_key).type).toBe('private');
  });
});

describe('scopes', () => {
  const google = services.flatMap(({ name, routes }) =>
    routes
      .filter(({ access, guard }) => access || guard === 'signed-in')
      // Each request of a batch is rejected by itself.
      .filter(({ template }) => !template.startsWith('/batch/'))
      .map(({ method, template }) => ({ name, method, template })),
  );

  it.each(google.map((route) => [`${route.method} ${route.template} of ${route.name}`, route] as const))(
    'that leave Google Cloud out get nothing of %s',
    async (_, { name, method, template }) => {
      const path = template.replace(/\{\w+(?:=\*\*)?\}/g, 'demo-project');
      const ask = (token?: string) =>
        fetch(`${cloud.addressOf(name)}${path}`, {
          method,
          headers: token ? { authorization: `Bearer ${token}` } : {},
        });
      const { token } = cloud.tokens.issue(
        { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' },
        600,
        ['openid', 'https://www.googleapis.com/auth/devstorage.read_only'],
      );
      const limited = await ask(token);
      expect(limited.status).toBe(403);
      expect(await limited.text()).toContain('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
      const nobody = await ask();
      expect(nobody.status).toBe(401);
      expect(await nobody.text()).toContain('CREDENTIALS_MISSING');
    },
  );

  it('that only read change nothing', async () => {
    const { token } = cloud.tokens.issue({ member: 'user:owner@example.com', memberOf: [] }, 600, [READ]);
    expect((await caller(cloud, token)('GET', SERVICE)).status).toBe(200);
    expect((await caller(cloud, token)('POST', `${SERVICE}:disable`, {})).status).toBe(403);
  });

  it('of the registry are those of Cloud Storage too', async () => {
    const push = '/v2/us-central1-docker.pkg.dev/demo-project/app/web/blobs/uploads/';
    const ask = async (scope: string) => {
      const { token } = cloud.tokens.issue({ member: 'user:owner@example.com', memberOf: [] }, 600, [
        `https://www.googleapis.com/auth/${scope}`,
      ]);
      return (await caller(cloud, token)('POST', push)).status;
    };
    // The repository is not there: who may push is told so.
    expect(await ask('devstorage.read_write')).toBe(404);
    expect(await ask('devstorage.read_only')).toBe(403);
    expect(await ask('run')).toBe(403);
  });
});
