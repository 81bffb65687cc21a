import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import type { Cloud } from '../src/cloud.ts';
import { environment, writeEnvironmentFiles } from '../src/environment.ts';

// some tests need: gcloud

const execute = promisify(execFile);

export interface GcloudRun extends AsyncDisposable {
  /** For files of a test. */
  readonly folder: string;
  /** `gcloud run …` in a region; resolves with what it prints, rejects with what it says. */
  run(...args: readonly string[]): Promise<string>;
}

/** Whether gcloud is installed. */
export const hasGcloud = find('gcloud').length > 0;

/** gcloud puts the region before the host, which only a proxy can find here: the cloud itself. A number would make the host no name. */
export async function gcloudRun(cloud: Cloud): Promise<GcloudRun> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
  const { hostname, port } = new URL(cloud.origin);
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ...environment(cloud, await writeEnvironmentFiles(cloud, folder)),
    CLOUDSDK_PROXY_TYPE: 'http',
    CLOUDSDK_PROXY_ADDRESS: hostname,
    CLOUDSDK_PROXY_PORT: port,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: `http://localhost:${port}/run/`,
  };
  return {
    folder,
    async run(...args) {
      const all = ['run', ...args, '--region=us-central1', '--quiet'];
      return (await execute('gcloud', all, { env })).stdout;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
