// takes minutes
// needs: current-engine, engine, busybox
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environment, type RunningCloud, startCloud, writeEnvironmentFiles } from '@gangway/emulator';
import { type CurrentEngine, find, startCurrentEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const { GANGWAY_CURRENT_ENGINE: root = '' } = process.env;
const [docker] = find('docker');
const [busybox] = find('busybox');
const missing = !root ? 'a current Docker engine' : !docker ? 'docker' : busybox ? '' : 'busybox';
const HOST = 'us-central1-docker.pkg.dev';
const IMAGE = `${HOST}/demo-project/real/hello:v1`;

describe.skipIf(missing)(`docker by the real names of registries${missing && ` (needs ${missing})`}`, () => {
  let cloud: RunningCloud;
  let folder: string;
  let token: string;
  beforeAll(async () => {
    cloud = await startCloud({ realHosts: true });
    folder = await mkdtemp(join(tmpdir(), 'gangway-hosts-'));
    const files = await writeEnvironmentFiles(cloud, folder);
    token = (await readFile(files.accessToken, 'utf8')).trim();
    // The exports name the variables that the daemon is started with.
    expect(environment(cloud, files)).toMatchObject({ HTTPS_PROXY: cloud.origin });
    await copyFile(busybox ?? '', join(folder, 'busybox'));
    await writeFile(
      join(folder, 'Dockerfile'),
      'FROM scratch\nCOPY busybox /busybox\nCMD ["/busybox", "echo", "hi"]\n',
    );
    await writeFile(join(folder, '.dockerignore'), '*\n!busybox\n');
    cloud.artifactRegistry.add({
      name: 'projects/demo-project/locations/us-central1/repositories/real',
      format: 'DOCKER',
      mode: 'STANDARD_REPOSITORY',
      createTime: '',
      updateTime: '',
    });
  });
  afterAll(async () => {
    await cloud?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  describe.each(['docker', 'containerd'] as const)('a daemon with its images in the store of %s', (store) => {
    let engine: CurrentEngine;
    let config: string;
    beforeAll(async () => {
      config = await mkdtemp(join(folder, 'config-'));
      const proxy = { url: cloud.origin, authority: cloud.authority ?? '' };
      engine = await startCurrentEngine(root, store, join(folder, `engine-${store}`), proxy);
    });
    afterAll(() => engine?.[Symbol.asyncDispose]());

    const run = async (...args: readonly string[]) => {
      const env = { PATH: process.env.PATH, HOME: folder, DOCKER_CONFIG: config, DOCKER_HOST: engine.host };
      const { stdout, stderr } = await promisify(execFile)(docker ?? '', [...args], { env, cwd: folder });
      return `${stdout}${stderr}`;
    };

    it('signs in, pushes, and pulls again', async () => {
      const before = cloud.requests.length;
      expect(await run('login', '-u', 'oauth2accesstoken', '-p', token, HOST)).toContain('Login Succeeded');
      await run('build', '-q', '-t', IMAGE, '.');
      await run('push', '-q', IMAGE);
      await run('rmi', '-f', IMAGE);
      await run('pull', '-q', IMAGE);
      const found = cloud.artifactRegistry.find(
        'projects/demo-project/locations/us-central1/repositories/real',
      );
      expect(found?.images.get('hello')?.tags.has('v1')).toBe(true);
      const asked = cloud.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
      expect(asked).toContainEqual(
        expect.stringMatching(/^PUT \/v2\/demo-project\/real\/hello\/manifests\//),
      );
      expect(asked).toContainEqual(
        expect.stringMatching(/^(HEAD|GET) \/v2\/demo-project\/real\/hello\/manifests\/v1/),
      );
    });

    it('is refused a repository and a registry that are not there', async () => {
      await run('tag', IMAGE, `${HOST}/demo-project/none/hello:v1`);
      await expect(run('push', '-q', `${HOST}/demo-project/none/hello:v1`)).rejects.toThrow(
        // containerd leaves out what the registry says.
        store === 'docker' ? /Repository "none" not found/ : /404 Not Found/,
      );
      // A registry that the local cloud does not stand in for is not asked.
      await expect(run('pull', '-q', 'docker.io/library/hello-world:latest')).rejects.toThrow(
        /Not served|403|forbidden/i,
      );
    });
  });
});
