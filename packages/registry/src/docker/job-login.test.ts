import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createJobLogin, type JobLogin } from './job-login.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-login-'));
  vi.stubEnv('DOCKER_CONFIG', join(folder, 'user'));
  await mkdir(join(folder, 'user'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function login(name: string, registry: string, token: string): Promise<JobLogin> {
  const directory = join(folder, name);
  await mkdir(directory);
  const made = await createJobLogin(directory, registry, token);
  // As the runner does before the next step.
  for (const [key, value] of Object.entries(made.env)) vi.stubEnv(key, value);
  vi.stubEnv('PATH', `${made.path}${delimiter}${process.env.PATH}`);
  return made;
}

/** Asks as Docker does: by the name that the configuration has for the host. */
async function ask(host: string, verb = 'get') {
  const config = await configIn(process.env.DOCKER_CONFIG);
  const program = `docker-credential-${config.credHelpers[host]}`;
  const { status, stdout } = spawnSync(program, [verb], { input: host, encoding: 'utf8' });
  return { status, stdout };
}

async function configIn(directory = '') {
  return JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'));
}

it('answers for its registry, and leaves the logins of others as they are', async () => {
  const auths = { 'ghcr.io': { auth: 'dTpw' }, 'us-docker.pkg.dev': { auth: 'b2xkOm9sZA==' } };
  await writeFile(join(folder, 'user', 'config.json'), JSON.stringify({ auths, credsStore: 'desktop' }));
  const { env } = await login('gangway-Aa1', 'us-docker.pkg.dev', 'secret-token');
  expect(JSON.parse((await ask('us-docker.pkg.dev')).stdout)).toEqual({
    ServerURL: 'us-docker.pkg.dev',
    Username: 'oauth2accesstoken',
    Secret: 'secret-token',
  });
  const config = await configIn(env.DOCKER_CONFIG);
  expect(config).toMatchObject({ auths: { 'ghcr.io': { auth: 'dTpw' } }, credsStore: 'desktop' });
  expect(config.auths).not.toHaveProperty(['us-docker.pkg.dev']);
  expect(env.BUILDX_CONFIG).toBe(join(folder, 'user', 'buildx'));
});

it('has the token in one file, which its owner alone can read', async () => {
  await login('gangway-Aa1', 'us-docker.pkg.dev', 'secret-token');
  const found = execFileSync('grep', ['-rl', 'secret-token', folder], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(found).toEqual([join(folder, 'gangway-Aa1', 'job', 'credential.json')]);
  expect((await stat(found[0] ?? '')).mode & 0o777).toBe(0o600);
});

it('keeps what an earlier step of the job signed in to', async () => {
  await login('gangway-Aa1', 'us-docker.pkg.dev', 'first');
  await login('gangway-Bb2', 'europe-docker.pkg.dev', 'second');
  expect(JSON.parse((await ask('us-docker.pkg.dev')).stdout)).toMatchObject({ Secret: 'first' });
  expect(JSON.parse((await ask('europe-docker.pkg.dev')).stdout)).toMatchObject({ Secret: 'second' });
});

it('ends with docker logout, and refuses another login, which it could not keep', async () => {
  await login('gangway-Aa1', 'us-docker.pkg.dev', 'secret-token');
  const refused = await ask('us-docker.pkg.dev', 'store');
  expect(refused).toMatchObject({ status: 1, stdout: expect.stringContaining('docker_login: job') });
  expect(JSON.parse((await ask('us-docker.pkg.dev', 'list')).stdout)).toEqual({});
  expect((await ask('us-docker.pkg.dev', 'erase')).status).toBe(0);
  // The words by which Docker knows that there is nothing.
  expect(await ask('us-docker.pkg.dev')).toEqual({
    status: 1,
    stdout: 'credentials not found in native keychain\n',
  });
});
