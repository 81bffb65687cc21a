import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage } from '../../test/image.ts';
import { type RunningCloud, startCloud } from '../cloud.ts';
import { Engine } from '../docker/engine.ts';
import { user } from '../kernel/principal.ts';

// needs: engine

const CLIENTS = ['/usr/bin/docker', '/usr/local/bin/docker', '/opt/homebrew/bin/docker'].filter((path) =>
  existsSync(path),
);
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/app/web';
const missing = await whatIsMissing();

describe.skipIf(missing)(`docker against the registry${missing && ` (skipped: ${missing})`}`, () => {
  let cloud: RunningCloud;
  let host: string;
  let config: string;

  beforeAll(async () => {
    cloud = await startCloud();
    host = new URL(cloud.origin).host;
    config = await mkdtemp(join(tmpdir(), 'gangway-docker-'));
    const name = 'projects/demo-project/locations/us-central1/repositories/app';
    cloud.artifactRegistry.add({
      name,
      format: 'DOCKER',
      mode: 'STANDARD_REPOSITORY',
      createTime: '',
      updateTime: '',
    });
  });
  afterAll(async () => {
    await cloud?.close();
    await rm(config, { recursive: true, force: true });
  });

  it.each(CLIENTS)('%s logs in, pushes by either name and pulls by digest', async (docker) => {
    const layer = buildImage([{ path: 'client', mode: 0o644, content: docker }]).blobs[1]?.bytes;
    const long = `${host}/${IMAGE}:1`;
    const short = `${host}/demo-project/app/short:1`;
    await run(
      docker,
      ['login', '--username', 'oauth2accesstoken', '--password-stdin', host],
      tokenOf('owner@example.com'),
    );
    await run(docker, ['import', '-', long], layer);
    await run(docker, ['tag', long, short]);
    const pushed = await run(docker, ['push', long]);
    const digest = cloud.contracts.repositories.find(`${IMAGE}:1`)?.manifest.digest ?? '';
    expect(pushed.output).toContain(digest);
    expect((await run(docker, ['push', short])).output).toContain(digest);
    await run(docker, ['rmi', long, short]);
    const pulled = await run(docker, ['pull', `${host}/${IMAGE}@${digest}`]);
    expect(pulled.output).toContain('Downloaded newer image');
    await run(docker, ['rmi', `${host}/${IMAGE}@${digest}`]);
  });

  it.each(CLIENTS)('%s shows what Artifact Registry says', async (docker) => {
    const image = `${host}/demo-project/nope/web:1`;
    const layer = buildImage([{ path: 'a', mode: 0o644, content: 'a' }]).blobs[1]?.bytes;
    await run(docker, ['import', '-', image], layer);
    const login = (user: string) =>
      run(docker, ['login', '--username', 'oauth2accesstoken', '--password-stdin', host], user, false);
    await login(tokenOf('owner@example.com'));
    const unknown = await run(docker, ['push', image], undefined, false);
    expect(unknown).toMatchObject({
      code: 1,
      output: expect.stringContaining('name unknown: Repository "nope" not found'),
    });
    await login(tokenOf('stranger@example.com'));
    const denied = await run(docker, ['push', image], undefined, false);
    expect(denied.output).toContain(
      'denied: Permission "artifactregistry.repositories.uploadArtifacts" denied on resource',
    );
    await run(docker, ['logout', host]);
    expect((await run(docker, ['push', image], undefined, false)).output).toContain(
      'denied: Unauthenticated request.',
    );
    expect((await login('ya29.no-such-token')).output).toContain('unauthorized: authentication failed');
    await run(docker, ['rmi', image]);
  });

  function tokenOf(email: string): string {
    return cloud.tokens.issue(user(email), 600).token;
  }

  /** Runs a client with a configuration of its own; unless told otherwise its failure is the test's. */
  async function run(
    docker: string,
    args: readonly string[],
    input?: Buffer | string,
    strict = true,
  ): Promise<{ code: number; output: string }> {
    const child = spawn(docker, args, { env: { ...process.env, DOCKER_CONFIG: config } });
    child.stdin.end(input);
    const [out, err, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1))),
    ]);
    const output = out + err;
    if (strict && code !== 0) throw new Error(`docker ${args.join(' ')}: ${output}`);
    return { code, output };
  }
});

async function whatIsMissing(): Promise<string> {
  if (CLIENTS.length === 0) return 'no docker client';
  return new Engine().ping().then(
    () => '',
    (error: Error) => error.message,
  );
}
