import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlyJob, startFlyJob } from '../helpers/fly/fly-job.ts';
import { VERTEX_ACCOUNT } from '../helpers/fly/fly-machine.ts';

// needs: flyctl

const PROVIDER =
  'projects/123456789012/locations/global/workloadIdentityPools/fly-machines/providers/fly-personal';
const CONFIGURATION = '/etc/gangway/google.json';
const SCRIPT = '/etc/gangway/fly-oidc-token';
const root = fileURLToPath(new URL('../..', import.meta.url));

it("the example's script is the one that the action puts into machines", async () => {
  const own = await readFile(join(root, 'packages/fly/src/fly-oidc-token.sh'), 'utf8');
  const path = 'examples/phoenix-on-fly/rootfs/usr/local/bin/fly-oidc-token';
  expect(await readFile(join(root, path), 'utf8')).toBe(`#!/bin/sh\n${own}`);
});

describe.skipIf(find('flyctl').length === 0)('an identity at Google (needs flyctl)', () => {
  let fly: FlyJob;
  let image: string;
  beforeAll(async () => {
    fly = await startFlyJob();
    image = await fly.push();
  });
  afterAll(() => fly[Symbol.asyncDispose]());

  /** What each machine has, by path. */
  const inMachines = () =>
    [...fly.app.machines.values()]
      .filter(({ id }) => fly.machines().some((machine) => machine.id === id))
      .map(({ config }) => {
        const { files = [], env = {} } = config as {
          files?: { guest_path: string; raw_value: string }[];
          env?: Record<string, string>;
        };
        const texts = files.map(({ guest_path, raw_value }) => [
          guest_path,
          Buffer.from(raw_value, 'base64').toString(),
        ]);
        return { env, files: Object.fromEntries(texts) as Record<string, string> };
      });

  it('comes as a configuration and a script in each machine, and nothing of it is a secret', async () => {
    await fly.deploy({
      image,
      google_workload_identity_provider: `//iam.googleapis.com/${PROVIDER}`,
      google_service_account: VERTEX_ACCOUNT,
    });
    const machines = inMachines();
    expect(machines.length).toBeGreaterThan(0);
    for (const { env, files } of machines) {
      expect(env).toMatchObject({
        GOOGLE_APPLICATION_CREDENTIALS: CONFIGURATION,
        GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: '1',
      });
      expect(JSON.parse(files[CONFIGURATION] ?? '')).toMatchObject({
        type: 'external_account',
        audience: `//iam.googleapis.com/${PROVIDER}`,
        service_account_impersonation_url: expect.stringContaining(`${VERTEX_ACCOUNT}:generateAccessToken`),
        credential_source: { executable: { command: `/bin/sh ${SCRIPT}` } },
      });
      expect(files[SCRIPT]).toMatch(/^#!\/bin\/sh\n/);
    }
  });

  it('is part of what was deployed: the same changes nothing, another is deployed', async () => {
    const inputs = {
      image,
      google_workload_identity_provider: PROVIDER,
      google_service_account: VERTEX_ACCOUNT,
    };
    expect((await fly.deploy(inputs)).outputs.changed).toBe('false');
    const { outputs } = await fly.deploy({ ...inputs, google_credential_source: 'file' });
    expect(outputs.changed).toBe('true');
    for (const { files } of inMachines()) {
      expect(JSON.parse(files[CONFIGURATION] ?? '')).toMatchObject({
        credential_source: { file: '/run/fly-oidc/token' },
      });
    }
  });

  it.each([
    [
      { google_workload_identity_provider: 'fly-personal' },
      'Input "google_workload_identity_provider" is not valid',
    ],
    [{ google_service_account: VERTEX_ACCOUNT }, 'but "google_workload_identity_provider" is empty'],
    [
      { google_workload_identity_provider: PROVIDER, google_service_account: 'vertex' },
      'Input "google_service_account" is not valid',
    ],
    [{ google_credential_source: 'socket' }, 'Input "google_credential_source" is not valid'],
  ])('is refused as %j before any request', async (inputs, message) => {
    const requests = await fly.job.requests(async () => {
      const { annotations } = await fly.deploy({ image, ...inputs } as Record<string, string>, {
        fails: true,
      });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });
});
