import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDockerConfig } from './docker-config.ts';

const REGISTRY = 'us-central1-docker.pkg.dev';
const HELPER = 'docker-credential-gangway';
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gangway-config-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

/** Runs the helper as Docker does: by name, the registry on standard input. */
async function helper(env: Readonly<Record<string, string>>, verb: string) {
  const child = spawn(HELPER, [verb], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(`${REGISTRY}\n`);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { said: await text(child.stdout), code: await ended };
}

describe('the credential helper', () => {
  it.each([
    ['in a usual directory', 1],
    ['in one too deep for the address of a socket', 12],
  ])('asks the running step each time, %s', async (_, depth) => {
    const deep = join(directory, ...Array.from({ length: depth }, (_, level) => `a-directory-${level}`));
    await mkdir(deep, { recursive: true });
    let asked = 0;
    const { env, failure } = await createDockerConfig(deep, REGISTRY, async () => `token-${++asked}`);
    expect((await helper(env, 'get')).said).toBe(
      `{"ServerURL":"${REGISTRY}","Username":"oauth2accesstoken","Secret":"token-1"}`,
    );
    const answers = await Promise.all([helper(env, 'get'), helper(env, 'get')]);
    expect(answers.map(({ said }) => JSON.parse(said).Secret).sort()).toEqual(['token-2', 'token-3']);
    expect(failure()).toBeUndefined();
  });

  it('writes no token down, and lets nobody else in', async () => {
    const { env } = await createDockerConfig(directory, REGISTRY, async () => 'token-of-the-step');
    await helper(env, 'get');
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      expect(await readFile(path, 'utf8'), path).not.toContain('token-of-the-step');
      expect((await stat(path)).mode & 0o077, path).toBe(0);
    }
  });

  it('says why there is no token, and keeps the reason for the step', async () => {
    const reason = new Error('the account is disabled');
    const { env, failure } = await createDockerConfig(directory, REGISTRY, () => Promise.reject(reason));
    expect(await helper(env, 'get')).toEqual({ said: 'the account is disabled', code: 1 });
    expect(failure()).toBe(reason);
  });

  it('keeps nothing and lists nothing', async () => {
    const { env } = await createDockerConfig(directory, REGISTRY, async () => 'token');
    expect(await helper(env, 'store')).toEqual({ said: '', code: 0 });
    expect(await helper(env, 'erase')).toEqual({ said: '', code: 0 });
    expect(await helper(env, 'list')).toEqual({ said: '{}', code: 0 });
  });
});

describe('the configuration', () => {
  it('is what the user has, and the helper for the registry and for others that the user says nothing of', async () => {
    const own = join(directory, 'own');
    const step = join(directory, 'step');
    await mkdir(own);
    await mkdir(step);
    const auths = {
      'ghcr.io': { auth: 'eDp5' },
      'eu-docker.pkg.dev': { auth: 'eDp5' },
      [REGISTRY]: { auth: 'eDp5' },
    };
    const credHelpers = { 'us-docker.pkg.dev': 'gcloud', [REGISTRY]: 'gcloud' };
    const config = JSON.stringify({ auths, credHelpers, credsStore: 'pass', proxies: {} });
    await writeFile(join(own, 'config.json'), config);
    vi.stubEnv('DOCKER_CONFIG', own);
    const others = ['eu-docker.pkg.dev', 'us-docker.pkg.dev', 'asia-docker.pkg.dev', REGISTRY];
    const { env } = await createDockerConfig(step, REGISTRY, async () => 'token', { others });
    expect(JSON.parse(await readFile(join(env.DOCKER_CONFIG ?? '', 'config.json'), 'utf8'))).toEqual({
      auths: { 'ghcr.io': auths['ghcr.io'], 'eu-docker.pkg.dev': auths['eu-docker.pkg.dev'] },
      credHelpers: {
        'us-docker.pkg.dev': 'gcloud',
        'asia-docker.pkg.dev': 'gangway',
        [REGISTRY]: 'gangway',
      },
      credsStore: 'pass',
      proxies: {},
    });
    expect(await readFile(join(own, 'config.json'), 'utf8')).toBe(config);
  });
});
