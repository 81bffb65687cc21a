import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { type Job, startJob } from './job.ts';

// needs: base-image, busybox

export const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
export const SPEC = '{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}';
/** A runner without Docker. */
export const NO_DOCKER = { PATH: '/nowhere', DOCKER_HOST: 'unix:///nowhere.sock' };

const [busybox] = find('busybox');
export const canBuildSources = !!process.env.GANGWAY_BASE_IMAGE && busybox !== undefined;

/** A job, and small sources of an image that it has built once. */
export interface BuiltSources extends AsyncDisposable {
  readonly job: Job;
  readonly workspace: string;
  file(name: string, content: string): Promise<void>;
  build(
    inputs?: Readonly<Record<string, string>>,
    options?: Parameters<Job['step']>[2],
  ): ReturnType<Job['step']>;
}

export async function buildSources(): Promise<BuiltSources> {
  const job = await startJob();
  const workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
  const file = (name: string, content: string) => writeFile(join(workspace, name), content);
  // What builds keep for one another is another matter, and each that keeps it takes half as long again.
  const build: BuiltSources['build'] = (inputs, options) =>
    job.step(
      'build-and-push',
      { image: IMAGE, tags: 'one, latest', cache: 'off', ...inputs },
      { workspace, ...options },
    );
  await mkdir(join(workspace, 'bin'));
  for (const name of ['sh', 'cat']) await copyFile(busybox ?? '', join(workspace, 'bin', name));
  await file('Dockerfile', 'FROM scratch\nARG GREETING=none\nENV GREETING=$GREETING\nCOPY . /\n');
  await file('spec.json', SPEC);
  await file('.dockerignore', '*.md\n');
  await build();
  return {
    job,
    workspace,
    file,
    build,
    async [Symbol.asyncDispose]() {
      await rm(workspace, { recursive: true, force: true });
      await job[Symbol.asyncDispose]();
    },
  };
}
