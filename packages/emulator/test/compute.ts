import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../src/cloud.ts';
import { type Answer, caller } from './client.ts';

const PROJECT = '/compute/v1/projects/demo-project';
export const ZONE = 'us-west1-a';

/** Compute Engine of a cloud, for tests: what is asked for, and operations that are waited for. */
export function computeOf(cloud: Cloud, token: string) {
  const ask = caller(cloud, token);
  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(method, `${PROJECT}${path}`, body);
  return {
    call,
    /** Sends a request that begins an operation, and waits for its end. */
    async done(method: string, path: string, body?: unknown): Promise<Answer['body']> {
      const begun = await call(method, path, body);
      if (begun.status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(begun.body)}`);
      for (;;) {
        const link = String(begun.body.selfLink).replace(/^.*\/projects\/demo-project/, '');
        const { body: operation } = await call('GET', link);
        if (operation.status === 'DONE') return operation;
        await sleep(10);
      }
    },
  };
}

/** The body of a request to insert an instance, as gcloud sends it for a machine with Container-Optimized OS. */
export function instance(name: string, fields: Readonly<Record<string, unknown>> = {}): object {
  return {
    name,
    machineType: `zones/${ZONE}/machineTypes/e2-micro`,
    disks: [
      {
        autoDelete: true,
        boot: true,
        initializeParams: { sourceImage: `projects/cos-cloud/zones/-/imageFamilyViews/cos-stable` },
      },
    ],
    networkInterfaces: [
      {
        network: 'global/networks/default',
        accessConfigs: [{ name: 'external-nat', type: 'ONE_TO_ONE_NAT' }],
      },
    ],
    serviceAccounts: [{ email: 'default', scopes: ['https://www.googleapis.com/auth/devstorage.read_only'] }],
    ...fields,
  };
}
