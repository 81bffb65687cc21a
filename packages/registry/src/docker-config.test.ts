import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDockerConfig } from './docker-config.ts';

const execute = promisify(execFile);
const REGISTRY = 'us-central1-docker.pkg.dev';
let home: string;
let directory: string;

beforeEach(async () => {
  home = await mkdtemp(join(await realpath(tmpdir()), 'gangway-home-'));
  directory = join(home, 'step');
  await mkdir(directory, { mode: 0o700 });
  vi.stubEnv('HOME', home);
  vi.stubEnv('DOCKER_CONFIG', undefined);
  vi.stubEnv('BUILDX_CONFIG', undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

/** Writes the user's own configuration, makes the step's, and reads that. */
async function merged(own?: object | string) {
  await mkdir(join(home, '.docker'), { recursive: true });
  const text = typeof own === 'string' ? own : JSON.stringify(own);
  if (own !== undefined) await writeFile(join(home, '.docker/config.json'), text);
  const { env } = await createDockerConfig(directory, REGISTRY);
  return JSON.parse(await readFile(join(env.DOCKER_CONFIG ?? '', 'config.json'), 'utf8')) as {
    auths: object;
    credHelpers: Record<string, string>;
    credsStore?: string;
  };
}

describe('the configuration', () => {
  it('lies in the directory of the step, and the helper comes first on PATH', async () => {
    const { env } = await createDockerConfig(directory, REGISTRY);
    expect(env.DOCKER_CONFIG?.startsWith(`${directory}/`)).toBe(true);
    const [first = '', ...others] = (env.PATH ?? '').split(delimiter);
    expect(first.startsWith(`${directory}/`)).toBe(true);
    expect(others.join(delimiter)).toBe(process.env.PATH);
  });

  it('says what the user says, with our helper for the registry', async () => {
    const config = await merged({
      auths: { 'registry.example.com': { auth: 'dTpw' } },
      credHelpers: { 'gcr.io': 'gcloud' },
      credsStore: 'desktop',
      proxies: { default: { httpProxy: 'http://proxy' } },
    });
    expect(config).toMatchObject({
      auths: { 'registry.example.com': { auth: 'dTpw' } },
      credHelpers: { 'gcr.io': 'gcloud' },
      credsStore: 'desktop',
      proxies: { default: { httpProxy: 'http://proxy' } },
    });
    expect(Object.keys(config.credHelpers)).toEqual(expect.arrayContaining(['gcr.io', REGISTRY]));
  });

  it("wins over the user's own login and helper for the registry", async () => {
    const config = await merged({
      auths: { [REGISTRY]: { auth: 'b2xkOm9sZA==' } },
      credHelpers: { [REGISTRY]: 'gcloud' },
    });
    expect(config.auths).not.toHaveProperty([REGISTRY]);
    expect(config.credHelpers[REGISTRY]).not.toBe('gcloud');
  });

  it.each([undefined, '', '{"auths":'])('is there where the own one is %j', async (own) => {
    expect(Object.keys((await merged(own)).credHelpers)).toEqual([REGISTRY]);
  });

  it("starts from DOCKER_CONFIG where that is set, and leaves the user's builders in use", async () => {
    const other = join(home, 'other');
    await mkdir(other);
    await writeFile(join(other, 'config.json'), '{"psFormat":"x"}');
    vi.stubEnv('DOCKER_CONFIG', other);
    const { env } = await createDockerConfig(directory, REGISTRY);
    expect(JSON.parse(await readFile(join(env.DOCKER_CONFIG ?? '', 'config.json'), 'utf8'))).toMatchObject({
      psFormat: 'x',
    });
    expect(env.BUILDX_CONFIG).toBe(join(other, 'buildx'));
  });

  it("reaches the user's plugins and contexts", async () => {
    await mkdir(join(home, '.docker/cli-plugins'), { recursive: true });
    await writeFile(join(home, '.docker/cli-plugins/docker-buildx'), 'plugin');
    const { env } = await createDockerConfig(directory, REGISTRY);
    expect(await readFile(join(env.DOCKER_CONFIG ?? '', 'cli-plugins/docker-buildx'), 'utf8')).toBe('plugin');
  });

  it("leaves the user's own as it was", async () => {
    const own = '{ "credsStore": "desktop" }';
    await merged(own);
    expect(await readFile(join(home, '.docker/config.json'), 'utf8')).toBe(own);
  });
});

describe.skipIf(process.platform === 'win32')('the credential helper', () => {
  /** What Docker's client does with a helper: the server on standard input, JSON on standard output. */
  async function get(env: Readonly<Record<string, string>>): Promise<{ stdout: string }> {
    const helper = JSON.parse(await readFile(join(env.DOCKER_CONFIG ?? '', 'config.json'), 'utf8')) as {
      credHelpers: Record<string, string>;
    };
    const running = execute(`docker-credential-${helper.credHelpers[REGISTRY]}`, ['get'], {
      env: { ...process.env, ...env },
    });
    // It may answer without reading.
    running.child.stdin?.on('error', () => {}).end(`${REGISTRY}\n`);
    return running;
  }

  it('gives the token that was set last', async () => {
    const { env, setAccessToken } = await createDockerConfig(directory, REGISTRY);
    for (const token of ['first', 'second']) {
      await setAccessToken(token);
      expect(JSON.parse((await get(env)).stdout)).toMatchObject({
        Username: 'oauth2accesstoken',
        Secret: token,
      });
    }
  });

  it('keeps the token where this user alone can read it', async () => {
    const { setAccessToken } = await createDockerConfig(directory, REGISTRY);
    await setAccessToken('secret-token');
    const { stdout } = await execute('grep', ['-rl', 'secret-token', directory]);
    const files = stdout.trim().split('\n');
    expect(files).toHaveLength(1);
    expect((await stat(files[0] ?? '')).mode & 0o077).toBe(0);
  });

  it('works from a directory whose name has spaces', async () => {
    directory = join(home, 'a step');
    await mkdir(directory);
    const { env, setAccessToken } = await createDockerConfig(directory, REGISTRY);
    await setAccessToken('a-token');
    expect(JSON.parse((await get(env)).stdout)).toMatchObject({ Secret: 'a-token' });
  });

  it('has nothing to give before a token is set', async () => {
    const { env } = await createDockerConfig(directory, REGISTRY);
    await expect(get(env)).rejects.toThrow();
  });
});
