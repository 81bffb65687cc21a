import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseImage, type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlyRepository, flyRepository } from '../helpers/fly/fly-repository.ts';

// needs: base-image, flyctl, gcloud
// takes minutes

const ready = find('flyctl').length > 0 && find('gcloud').length > 0;
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/apis/web';
const QUICK = ['--local-only', '--depot=false', '--dns-checks=false', '--smoke-checks=false', '--yes'];

describe.runIf(ready)('gangway up --data, after flyctl and gcloud have deployed', () => {
  let engine: Engine;
  let repository: FlyRepository;
  beforeAll(async () => {
    engine = await startEngine();
    repository = flyRepository('kept-app', await baseImage(engine), engine.environment);
  });
  afterAll(async () => {
    repository?.close();
    await engine?.stop();
  });

  it('has the same machines and the same revision answer again after a stop, and deploys go on', async () => {
    const up = (...more: string[]) => {
      const { status, stdout, stderr } = repository.gangway('up', '--detach', '--data', 'kept', ...more);
      expect(status, stdout + stderr).toBe(0);
    };
    repository.write('seed.yaml', 'fly_apps: [kept-app]\nrepositories: [us-central1/apis]\n');
    up('--seed', 'seed.yaml');
    run('flyctl', 'deploy', ...QUICK);
    push();
    gcloud(`run deploy web --image ${IMAGE}:1 --allow-unauthenticated`);
    const before = seen();
    expect(before.machines.map(({ state }) => state)).toEqual(['started', 'started']);
    await answers();

    expect(repository.gangway('down').status).toBe(0);
    expect(await textOf(before.urls[0] ?? '').catch(() => 'gone')).toBe('gone');
    up();
    expect(seen()).toEqual(before);
    await answers();

    repository.write('index.html', 'changed\n');
    run('flyctl', 'deploy', ...QUICK);
    gcloud('run services update web --update-env-vars A=1');
    expect(seen().machines.map(({ id }) => id)).toEqual(before.machines.map(({ id }) => id));
    expect(seen().urls).toEqual(before.urls);
    const [app = '', web = ''] = before.urls;
    expect(await textOf(app)).toBe('changed\n');
    expect(await textOf(web)).toBe('hello\n');
  }, 360_000);

  function gcloud(command: string): void {
    run('gcloud', ...command.split(' '), '--region', 'us-central1', '--quiet');
  }

  /** By a connection of its own: those of before are gone. */
  async function textOf(url: string): Promise<string> {
    return (await fetch(url, { headers: { connection: 'close' } })).text();
  }

  /** What flyctl and the status say of what runs. */
  function seen() {
    const listed: { id: string; state: string; instance_id: string }[] = JSON.parse(
      run('flyctl', 'machine', 'list', '--app', 'kept-app', '--json'),
    );
    const { apps, services } = JSON.parse(repository.gangway('status', '--json').stdout).resources;
    return {
      machines: listed
        .map(({ id, state, instance_id }) => ({ id, state, instance_id }))
        .sort((one, other) => (one.id < other.id ? -1 : 1)),
      urls: [...apps, ...services].map(({ url }: { url: string }) => url),
      serves: [...apps, ...services].map(({ name, serves }: { name: string; serves?: string }) => [
        name,
        serves,
      ]),
    };
  }

  async function answers(): Promise<void> {
    for (const url of seen().urls) expect(await textOf(url), url).toBe('hello\n');
  }

  function push(): void {
    const { GANGWAY_REGISTRY_HOST: registry = '', CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: file = '' } = variables();
    const tag = `${registry}/${IMAGE}:1`;
    run(engine.docker, 'build', '--quiet', '--tag', tag, '.');
    execFileSync(engine.docker, ['login', '--username', 'oauth2accesstoken', '--password-stdin', registry], {
      env: environment(),
      input: readFileSync(file),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    run(engine.docker, 'push', '--quiet', tag);
    run(engine.docker, 'rmi', tag);
  }

  function variables(): Record<string, string> {
    return JSON.parse(repository.gangway('env', '--format', 'json').stdout);
  }

  function environment(): NodeJS.ProcessEnv {
    const docker = { DOCKER_CONFIG: join(repository.folder, '.docker') };
    return {
      ...process.env,
      ...engine.environment,
      ...docker,
      CI: '1',
      FLYCTL_STATUSLOGGER_NO_ERROR: '1',
      ...variables(),
    };
  }

  function run(program: string, ...args: string[]): string {
    return execFileSync(program, args, {
      cwd: repository.folder,
      env: environment(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
});
