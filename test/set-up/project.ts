import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { githubRequestToken } from '@gangway/emulator';
import type { StepResult } from '@gangway/runner';
import { type Job, startJob } from '../helpers/job.ts';
import type { Scenario } from './scenario.ts';

const run = promisify(execFile);
const PROJECT = 'projects/my-project';
/** What the guide grants something on. */
const RESOURCES = [
  PROJECT,
  `${PROJECT}/locations/us-central1/repositories/apis`,
  `${PROJECT}/secrets/forecast-key`,
  ...['deployer', 'forecast', 'gateway'].map(
    (account) => `${PROJECT}/serviceAccounts/${account}@my-project.iam.gserviceaccount.com`,
  ),
];

/** A project that nobody has set up, and the jobs of `my-org/my-repository`. */
export interface Project extends AsyncDisposable {
  readonly job: Job;
  /** To write into. */
  readonly folder: string;
  /** Runs commands as the project's owner; gives what they print. */
  shell(script: string): Promise<string>;
  /** Runs a step of a job of the repository, or of another one. */
  step(
    scenario: Scenario,
    options?: Parameters<Job['step']>[2] & { repository?: string; environment?: string },
  ): Promise<StepResult>;
  /** The status with which the cloud answers somebody who holds nothing: `METHOD /path`. */
  askedByStranger(request: string): Promise<number>;
  /** The roles of a member, by resource. */
  grants(member: string): ReadonlyMap<string, readonly string[]>;
  /** Takes every role from a member. */
  forget(member: string): void;
  /** Leaves some roles what they hold but for a permission, and others nothing, while `work` runs. */
  limited(roles: readonly string[], taken: string, work: () => Promise<void>): Promise<void>;
}

export async function startProject(): Promise<Project> {
  const job = await startJob({ project: 'my-project', bare: true });
  const { iam } = job.cloud;
  const folder = await mkdtemp(join(tmpdir(), 'gangway-set-up-'));
  return {
    job,
    folder,
    async shell(script) {
      const env = { PATH: process.env.PATH ?? '', HOME: folder, ...job.exports };
      return (await run('bash', ['-euo', 'pipefail', '-c', script], { env })).stdout;
    },
    step(
      { action, inputs, workspace, env: own = {} },
      { repository = 'my-org/my-repository', environment, ...options } = {},
    ) {
      const env = {
        GITHUB_REPOSITORY: repository,
        GANGWAY_GRANT_TIMEOUT: '0',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: githubRequestToken(job.cloud, {
          repository,
          ...(environment && { environment }),
        }),
        ...own,
      };
      return job.step(action, inputs, { env, ...(workspace && { workspace }), ...options });
    },
    async askedByStranger(request) {
      const [method = '', path = ''] = request.split(' ');
      const stranger = { member: 'user:stranger@example.com', memberOf: [], email: 'stranger@example.com' };
      const { token } = job.cloud.tokens.issue(stranger, 60);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const body = method === 'GET' || method === 'HEAD' ? {} : { body: '{}' };
      return (await fetch(`${job.cloud.origin}${path}`, { method, headers, ...body })).status;
    },
    grants: (member) =>
      new Map(
        RESOURCES.flatMap((resource) => {
          const held = iam.get(resource).bindings.filter(({ members }) => members.includes(member));
          return held.length > 0 ? [[resource, held.map(({ role }) => role).sort()]] : [];
        }),
      ),
    forget(member) {
      for (const resource of RESOURCES) {
        const bindings = iam.get(resource).bindings.map((binding) => ({
          ...binding,
          members: binding.members.filter((other) => other !== member),
        }));
        iam.set(resource, { bindings });
      }
    },
    async limited(roles, taken, work) {
      const before = iam.customRoles.list().map((role) => ({ role, held: role.includedPermissions }));
      for (const { role, held } of before) {
        const stays = roles.some((id) => role.name.endsWith(`/${id}`));
        role.includedPermissions = stays ? held.filter((permission) => permission !== taken) : [];
      }
      try {
        await work();
      } finally {
        for (const { role, held } of before) role.includedPermissions = held;
      }
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
      await job[Symbol.asyncDispose]();
    },
  };
}
