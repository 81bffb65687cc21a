import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudWithImage, IMAGE, whatIsMissing } from '../../test/run.ts';
import type { RunningCloud } from '../cloud.ts';
import { OWNER, seededAccounts } from '../seeded.ts';

// needs: google-clients, engine, busybox
// takes minutes

const run = promisify(execFile);
const clients = process.env.GANGWAY_GOOGLE_CLIENTS;
const missing = clients ? await whatIsMissing() : 'no clients';
const program = resolve(import.meta.dirname, '../../test/clients/google_clients.py');

interface Call {
  readonly call: string;
  readonly wrong: string | null;
}

describe.skipIf(missing)("Google's own Python clients, over REST", () => {
  let cloud: RunningCloud;
  let calls: readonly Call[] = [];
  beforeAll(async () => {
    const started = await cloudWithImage();
    cloud = started.cloud;
    const { project, origin } = cloud;
    const account = `projects/${project.id}/serviceAccounts/${seededAccounts(project).deployer}`;
    cloud.iam.grant(account, 'roles/iam.serviceAccountTokenCreator', `user:${OWNER}`);
    const args = [program, origin, started.token, project.id, `${IMAGE}:1`];
    const { stdout } = await run('python3', args, { env: { ...process.env, PYTHONPATH: clients } });
    calls = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Call);
  }, 280_000);
  afterAll(() => cloud.close());

  it('list, get, create, update and delete, and read and set policies', () => {
    expect(calls.filter(({ wrong }) => wrong !== null)).toEqual([]);
    expect(calls.length).toBeGreaterThanOrEqual(118);
  });
});
