import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type RunningCloud, startCloud } from '../src/cloud.ts';
import type { CloudOptions } from '../src/cloud-options.ts';
import { environment, writeEnvironmentFiles } from '../src/environment.ts';
import { buildImage, pushImage } from './image.ts';

/** A static busybox, out of which test images are made. */
export const BUSYBOX = '/bin/busybox';

const ALONE = {
  FLY_NO_UPDATE_CHECK: '1',
  FLY_NO_INCIDENTS_CHECK: '1',
  // A development build panics without it (fly-go, statuslogger).
  FLYCTL_STATUSLOGGER_NO_ERROR: '1',
  // What flyctl would ask outside of this machine fails at once.
  HTTPS_PROXY: 'http://127.0.0.1:9',
  CI: '1',
};

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** A cloud, and the real flyctl that deploys to it out of a folder of its own. */
export interface FlyBench {
  readonly cloud: RunningCloud;
  readonly folder: string;
  readonly token: string;
  /** What flyctl has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  flyctl(
    args: readonly string[],
    options?: { input?: string; env?: Record<string, string> },
  ): Promise<Outcome>;
  /** Calls the Machines API or api.fly.io. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Writes fly.toml. */
  configure(app: string, rest?: string): Promise<void>;
  close(): Promise<void>;
}

export async function flyBench(options: CloudOptions): Promise<FlyBench> {
  const cloud = await startCloud(options);
  const folder = await mkdtemp(join(tmpdir(), 'gangway-flyctl-'));
  const files = await writeEnvironmentFiles(cloud, folder);
  const token = await readFile(files.flyToken, 'utf8');
  const base: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    ...environment(cloud, files),
    ...ALONE,
  };
  const flyctl: FlyBench['flyctl'] = (args, { input, env = {} } = {}) =>
    run('flyctl', args, { cwd: folder, env: { ...base, ...env } }, input);
  return {
    cloud,
    folder,
    token,
    env: base,
    flyctl,
    call: (method, path, body, headers = {}) =>
      fetch(`${cloud.origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    configure: (app, rest = '') =>
      writeFile(join(folder, 'fly.toml'), `app = "${app}"\nprimary_region = "iad"\n${rest}`),
    async close() {
      // A release command leaves an agent behind.
      await flyctl(['agent', 'stop']).catch(() => undefined);
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Pushes an image of busybox under an app's name, as `docker login -u x` would let one; returns its reference. */
export async function pushFlyImage(
  { cloud, token }: Pick<FlyBench, 'cloud' | 'token'>,
  app: string,
  tag: string,
  command: readonly string[] = ['httpd', '-f', '-p', '8080', '-h', '/www'],
): Promise<string> {
  const busybox = await readFile(BUSYBOX).catch(() => 'no busybox here');
  const image = buildImage(
    [
      { path: 'bin/busybox', mode: 0o755, content: busybox },
      { path: 'www/index.html', mode: 0o644, content: `${tag}\n` },
    ],
    { Entrypoint: [BUSYBOX], Cmd: command },
  );
  await pushImage(`${cloud.origin}/v2/${app}`, await registryToken(cloud.origin, token, app), image, tag);
  return `registry.fly.io/${app}:${tag}`;
}

/** A registry token for pushing to an app's repository. */
export async function registryToken(origin: string, password: string, app: string): Promise<string> {
  const basic = Buffer.from(`x:${password}`).toString('base64');
  const response = await fetch(`${origin}/v2/token?scope=repository:${app}:pull,push`, {
    headers: { authorization: `Basic ${basic}` },
  });
  return ((await response.json()) as { token: string }).token;
}

/** Why tests with flyctl can't be run here; empty where they can. */
export async function missingFlyctl(): Promise<string> {
  const there = await run('flyctl', ['version'], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), ...ALONE },
  }).catch(() => undefined);
  return there?.code === 0 ? '' : 'no flyctl on the PATH';
}

function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string> },
  input?: string,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'pipe' });
    child.once('error', reject);
    child.stdin.end(input);
    const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
    child.once('exit', async (code) => resolve({ code: code ?? 1, output: (await outputs).join('') }));
  });
}
