import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dockerLogin } from './docker-login.ts';

const HUB = 'registry-1.docker.io';
const base64 = (text: string) => Buffer.from(text).toString('base64');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gangway-login-'));
  vi.stubEnv('DOCKER_CONFIG', directory);
  vi.stubEnv('PATH', [directory, process.env.PATH].join(delimiter));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

const configure = (config: unknown) =>
  writeFile(join(directory, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));

/** A credential helper that writes down what it is asked for. */
async function helper(name: string, script: string): Promise<void> {
  const path = join(directory, `docker-credential-${name}`);
  await writeFile(path, `#!/bin/sh\nread server\necho "$1 $server" >> '${directory}/asked'\n${script}\n`);
  await chmod(path, 0o755);
}

it.each([
  ['what docker login left', 'ghcr.io', { 'ghcr.io': { auth: base64('me:pass:word') } }, 'me', 'pass:word'],
  ['a login by URL', 'r.example', { 'https://r.example/v2/': { auth: base64('a:b') } }, 'a', 'b'],
  ['that of Docker Hub', HUB, { 'https://index.docker.io/v1/': { auth: base64('a:b') } }, 'a', 'b'],
  [
    'a refresh token',
    'a.example',
    { 'a.example': { auth: base64('0:'), identitytoken: 'x' } },
    '<token>',
    'x',
  ],
])('gives %s', async (_, host, auths, username, password) => {
  await configure({ auths });
  expect(await dockerLogin(host)()).toEqual({ username, password });
});

it.each([
  ['nothing of the registry', { auths: { 'other.example': { auth: base64('a:b') } } }],
  ['an empty login', { auths: { 'ghcr.io': {} } }],
  ['a login that is none', { auths: { 'ghcr.io': null } }],
  ['no user', { auths: { 'ghcr.io': { auth: base64(':b') } } }],
  ['a helper that is not there', { credHelpers: { 'ghcr.io': 'missing' } }],
  ['no JSON', 'auths: {}'],
  ['JSON that is no object', 'null'],
])('gives none where the configuration has %s', async (_, config) => {
  await configure(config);
  expect(await dockerLogin('ghcr.io')()).toBeUndefined();
});

it('asks the helper of the registry, else the one of all, as Docker does', async () => {
  const auths = { 'ghcr.io': { auth: base64('not:this') }, 'https://index.docker.io/v1/': {} };
  await configure({ auths, credHelpers: { 'ghcr.io': 'one' }, credsStore: 'all' });
  await helper('one', `printf '{"ServerURL":"ghcr.io","Username":"u","Secret":"s1"}'`);
  await helper('all', `printf '{"Username":"<token>","Secret":"s2"}'`);
  expect(await dockerLogin('ghcr.io')()).toEqual({ username: 'u', password: 's1' });
  expect(await dockerLogin(HUB)()).toEqual({ username: '<token>', password: 's2' });
  expect(await dockerLogin('new.example')()).toEqual({ username: '<token>', password: 's2' });
  expect((await readFile(join(directory, 'asked'), 'utf8')).trim().split('\n')).toEqual([
    'get ghcr.io',
    'get https://index.docker.io/v1/',
    'get new.example',
  ]);
});

it('takes a helper that fails, or says what is no credential, for no login', async () => {
  await configure({ credsStore: 'bad' });
  await helper('bad', 'echo "credentials not found in native keychain"; exit 1');
  expect(await dockerLogin('ghcr.io')()).toBeUndefined();
  await helper('bad', 'echo well');
  expect(await dockerLogin('ghcr.io')()).toBeUndefined();
});
