import { find, run } from '@gangway/engine';
import type { Job } from '../job.ts';

// some tests need: gcloud

/** Whether gcloud is installed. */
export const hasGcloud = find('gcloud').length > 0;

/**
 * `gcloud run ARGS`, or `gcloud beta run` where they begin with `beta`, as the owner of a job's project: resolves with what it prints, rejects with what it says. It puts the
 * region before the host, which only a proxy can find here: the local cloud itself.
 */
export function gcloudRun({ cloud, exports }: Job, ...args: readonly string[]): Promise<string> {
  const { port } = new URL(cloud.origin);
  const { PATH, HOME } = process.env;
  const [track, ...rest] = args[0] === 'beta' ? ['beta', 'run', ...args.slice(1)] : ['run', ...args];
  return run('gcloud', [track ?? '', ...rest, '--region=us-central1', '--quiet'], {
    env: {
      ...{ PATH, HOME, ...exports },
      CLOUDSDK_PROXY_TYPE: 'http',
      CLOUDSDK_PROXY_ADDRESS: '127.0.0.1',
      CLOUDSDK_PROXY_PORT: port,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: `http://localhost:${port}/run/`,
    },
  });
}
