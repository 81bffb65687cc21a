import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createServiceAccountKey, githubRequestToken } from '@gangway/emulator';
import { find } from '@gangway/engine';
import type { StepResult } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeMachines } from '../helpers/compute/compute-machines.ts';
import { FASTAPI } from '../helpers/documents.ts';
import { type Job, secretsOf, startJob } from '../helpers/job.ts';
import { leakingFiles, leaksIn } from '../helpers/leaks.ts';
import { type Process, processesWith, processIds } from '../helpers/processes.ts';
import { shellBase } from '../helpers/shell-base.ts';

// needs: base-image
// some tests need: flyctl
// takes minutes

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const BASE = process.env.GANGWAY_BASE_IMAGE;
const SHELL = await shellBase();
/** `npm test` builds it where Go is; without it nothing can be deployed to Fly.io. */
const FLYCTL = find('flyctl').length > 0;
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/apis/leaky';
const BUILD_SECRET = 'sesame-open-9f8e7d6c\nsecond-line-of-the-secret';
const DEBUG = { ACTIONS_STEP_DEBUG: 'true', RUNNER_DEBUG: '1', GOOGLE_SDK_NODE_LOGGING: '*' };

describe('what is searched for', () => {
  const secret = 'first-line-of-a-secret\nsecond line: ü/?"\\';

  it.each([
    ['whole', secret],
    ['by its last line', 'x second line: ü/?"\\ y'],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 after one byte', Buffer.from(`:${secret}`).toString('base64')],
    ['in base64 after two bytes', Buffer.from(`ab${secret}`).toString('base64')],
    ['in base64url', Buffer.from(`user:${secret}`).toString('base64url')],
    ['in a URL', `https://example.com/?q=${encodeURIComponent(secret)}`],
    ['in JSON', JSON.stringify({ secret })],
  ])('is found %s', (_, text) => expect(leaksIn(text, [secret])).toHaveLength(1));

  it('is not found where it is not', () => expect(leaksIn('first-line-of-another', [secret])).toEqual([]));
});

describe.skipIf(!BASE)('no secret shows in anything that is written (npm test prepares an engine)', () => {
  let folder: string;
  let workspace: string;
  let home: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-leaks-'));
    workspace = join(folder, 'workspace');
    home = join(folder, 'home');
    await mkdir(home);
    await cp(join(root, 'examples/fastapi-on-cloud-run'), workspace, { recursive: true });
    await writeFile(
      join(workspace, 'Dockerfile.leaky'),
      `ARG BASE\nFROM $BASE\nCOPY . /app\nWORKDIR /app\nRUN --mount=type=secret,id=TOKEN test -s /run/secrets/TOKEN\nCMD ["sh", "-c", "exec uvicorn main:app --host 0.0.0.0 --port $PORT"]\n`,
    );
    // Let the build copy whatever lies there.
    await rm(join(workspace, '.dockerignore'));
    await writeFile(join(workspace, 'spec.json'), JSON.stringify(FASTAPI));
    await writeFile(join(workspace, 'fly.toml'), 'app = "leaky"\n');
    await writeFile(
      join(workspace, 'leaky.yml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: leaky }\ndata: { a: b }\n',
    );
    await writeFile(
      join(workspace, 'Dockerfile.broken'),
      `ARG BASE\nFROM $BASE\nRUN --mount=type=secret,id=TOKEN env && ls -l /run/secrets && exit 9\n`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(['federation', 'a key'] as const)(
    'by any action that does its work, signed in by %s',
    async (by) => {
      await using job = await startJob({ simulateMachines: true });
      await using _machines = computeMachines(job);
      const watched = watch(job, by === 'a key' ? await keyInputs(job) : { inputs: {}, secrets: [] });
      const image = await watched('build-and-push', {
        ...buildInputs(),
        build_args: `BASE=${BASE}`,
        spec_command: SPEC_COMMAND,
      });
      const service = await watched('deploy-cloud-run', runInputs(job, image.outputs.image));
      const gateway = await watched('deploy-api-config', {
        ...configInputs(job),
        spec: image.outputs.spec ?? '',
        backend: service.outputs.url ?? '',
      });
      const managed = gateway.outputs.managed_service ?? '';
      await watched('enable-service', { services: managed });
      const { outputs } = await watched('create-api-key', { key_id: 'first', services: managed });
      expect(outputs.key).toMatch(/^AIza/);
      await watched('create-token', { audience: service.outputs.url ?? '' });
      if (FLYCTL) await watched('fly-deploy', flyInputs(job, image.outputs.image));
      await watched('deploy-compute', machineInputs(job, image.outputs.image));
      await watched('teardown', { ...downInputs(), dry_run: 'false' });
      // One that deploys to a cluster is watched where there is a cluster.
      expect(watched.ran()).toEqual((await googleActions()).filter((name) => name !== 'deploy-gke'));

      await job.post();
      await expectNothingLeft(job);
      await expectCleanImage(job, `${new URL(job.cloud.origin).host}/${IMAGE}:leaky`);
    },
  );

  it.each([
    [
      'is denied everything',
      (job: Job) => job.cloud.iam.set(`projects/${job.project}`, { bindings: [] }),
      {},
    ],
    ['may not sign in', () => {}, { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'another repository' }],
    [
      'is answered by errors',
      (job: Job) =>
        job.cloud.faults.add({
          match: /^(GET|POST|HEAD) \/v[12]\/(?!token)/,
          times: 1e6,
          status: 400,
          body: { error: 'echo' },
        }),
      {},
    ],
  ] as const)('by any action that %s', async (_, refuse, env) => {
    await using job = await startJob();
    refuse(job);
    const token =
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN' in env &&
      githubRequestToken(job.cloud, { repository: 'example/other' });
    const watched = watch(
      job,
      { inputs: {}, secrets: [] },
      {
        fails: true,
        env: { GANGWAY_GRANT_TIMEOUT: '0', ...(token && { ACTIONS_ID_TOKEN_REQUEST_TOKEN: token }) },
      },
    );
    await watched('build-and-push', buildInputs());
    await watched('deploy-cloud-run', runInputs(job, `${IMAGE}:leaky`));
    await watched('deploy-api-config', {
      ...configInputs(job),
      spec: 'spec.json',
      backend: 'https://b.example.com',
    });
    await watched('enable-service', { services: 'secretmanager.googleapis.com' });
    await watched('create-api-key', { key_id: 'first', services: 'run.googleapis.com' });
    await watched('create-token', {
      audience: 'https://b.example.com',
      service_account: job.gatewayServiceAccount,
    });
    if (FLYCTL) await watched('fly-deploy', flyInputs(job, `${IMAGE}:leaky`));
    await watched('deploy-compute', machineInputs(job, `${IMAGE}:leaky`));
    await watched('deploy-gke', { cluster_name: 'leaky', location: 'us-central1', manifests: 'leaky.yml' });
    await watched('teardown', downInputs());
    expect(watched.ran()).toEqual(await googleActions());
    await job.post();
    await expectNothingLeft(job);
  });

  it('by a build that fails while it holds a secret', async () => {
    await using job = await startJob();
    const watched = watch(job, { inputs: {}, secrets: [] }, { fails: true });
    await watched('build-and-push', { ...buildInputs(), file: 'Dockerfile.broken' });
    await job.post();
    await expectNothingLeft(job);
  });

  it.each(['hunter2-abc##[def-7777-secret', 'ключ:часть:секрет77'])(
    'by a build that prints one which looks like a command: %s',
    async (secret) => {
      await using job = await startJob();
      await writeFile(
        join(workspace, 'Dockerfile.prints'),
        'ARG BASE\nFROM $BASE\nRUN --mount=type=secret,id=TOKEN cat /run/secrets/TOKEN; echo; exit 9\n',
      );
      const inputs = { ...buildInputs(), file: 'Dockerfile.prints', secrets: `TOKEN=${secret}` };
      const { log } = await job.step('build-and-push', inputs, { workspace, fails: true, secrets: [secret] });
      for (const part of ['hunter2', 'def-7777', 'часть', 'секрет']) expect(log).not.toContain(part);
      expect(log).toContain('***');
      await job.post();
    },
  );

  it('and credentials that another action left in the build context are warned of', async () => {
    await using job = await startJob();
    const left = join(workspace, 'gha-creds-0123456789abcdef.json');
    const options = { workspace, fails: 'either' } as const;
    await writeFile(left, '{}');
    const warned = await job.step('build-and-push', buildInputs(), options);
    expect(warned.annotations.find(({ level }) => level === 'warning')?.message).toMatch(
      /^gha-creds-0123456789abcdef\.json in the build context holds Google credentials[\s\S]*add gha-creds-\*\.json to \.dockerignore/,
    );
    const ignore = join(workspace, 'Dockerfile.leaky.dockerignore');
    await writeFile(ignore, '**/gha-creds-*.json\n');
    const covered = await job.step('build-and-push', buildInputs(), options);
    expect(covered.annotations.filter(({ level }) => level === 'warning')).toEqual([]);
    await rm(left);
    await rm(ignore);
    await job.post();
  });

  const SPEC_COMMAND = "python3 -c 'import json, main; print(json.dumps(main.app.openapi()))'";

  function buildInputs(): Record<string, string> {
    return {
      image: IMAGE,
      tags: 'leaky',
      file: join(workspace, 'Dockerfile.leaky'),
      build_args: `BASE=${SHELL}`,
      secrets: `TOKEN=${BUILD_SECRET.split('\n')[0]}`,
    };
  }

  function runInputs(job: Job, image = ''): Record<string, string> {
    return { service: 'leaky', region: 'us-central1', image, invokers: job.gatewayServiceAccount };
  }

  function machineInputs(job: Job, image = ''): Record<string, string> {
    const account = { runtime_service_account: job.gatewayServiceAccount };
    return {
      instance: 'leaky',
      zone: 'us-central1-a',
      image,
      ports: '80:8080',
      secrets: 'KEY=leaky:1',
      ...account,
    };
  }

  function configInputs(job: Job): Record<string, string> {
    return { api: 'leaky', location: 'us-central1', gateway_service_account: job.gatewayServiceAccount };
  }

  /** What the other steps made, but for the image, which is looked at afterwards. */
  function downInputs(): Record<string, string> {
    return { service: 'leaky', region: 'us-central1', api: 'leaky', key_id: 'first' };
  }

  /** An app of the local Fly.io, which gets a secret; the token is in the environment of flyctl, and nowhere else. */
  function flyInputs(job: Job, image = ''): Record<string, string> {
    const { fly } = job.cloud;
    const organization = fly.organizations.get('personal') ?? fly.addOrganization('other', 'Other', false);
    const app = fly.findApp('leaky') ?? fly.addApp('leaky', organization);
    const scope = { kind: 'deploy', name: 'ci', organization, app, lifetime: 3600 } as const;
    return {
      app: app.name,
      config: join(workspace, 'fly.toml'),
      image,
      api_token: fly.tokens.issue(scope).macaroon,
      secrets: `TOKEN="""${BUILD_SECRET}"""`,
      strategy: 'immediate',
      flyctl_version: 'path',
    };
  }

  /** A service account key in base64, which the runner itself would mask as one line only. */
  async function keyInputs(job: Job) {
    const key = await createServiceAccountKey(job.cloud, job.exports.GANGWAY_SERVICE_ACCOUNT ?? '');
    const json = JSON.stringify(key, null, 2);
    const inputs = {
      workload_identity_provider: '',
      service_account: '',
      credentials_json: Buffer.from(json).toString('base64'),
    };
    return { inputs, secrets: [key.private_key, inputs.credentials_json] };
  }

  /** Runs steps at debug level while it looks at the processes they start, and searches all of it. */
  function watch(
    job: Job,
    { inputs, secrets }: { inputs: Readonly<Record<string, string>>; secrets: readonly string[] },
    options: Parameters<Job['step']>[2] = {},
  ) {
    const names = new Set<string>();
    const step = async (action: string, own: Readonly<Record<string, string>>): Promise<StepResult> => {
      names.add(action);
      const seen = new Map<string, Process>();
      const others = new Set(processIds());
      const sampling = setInterval(() => {
        for (const process of processesWith(job.temp, others))
          seen.set(`${process.pid} ${process.command}`, process);
      }, 15);
      const env = { ...DEBUG, HOME: home, ...options.env };
      const all = [...secrets, ...BUILD_SECRET.split('\n')];
      const result = await job.step(
        action,
        { ...inputs, ...own },
        { ...options, workspace, env, secrets: all },
      );
      clearInterval(sampling);
      // The bundle itself was given its inputs; what it starts must not be.
      const [bundle, started] = [...seen.values()].reduce<[Process[], Process[]]>(
        ([mine, rest], process) =>
          process.command.includes(`/dist/${action}/`)
            ? [[...mine, process], rest]
            : [mine, [...rest, process]],
        [[], []],
      );
      expect(bundle.length, 'the step was seen while it ran').toBeGreaterThan(0);
      const shown = [
        ...bundle.map(({ command }) => command),
        ...started.map(({ command, environment }) => `${command}\n${environment}`),
      ];
      expect(
        leaksIn(shown.join('\n'), [
          ...secretsOf(job.cloud),
          ...all,
          job.exports.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '',
        ]),
      ).toEqual([]);
      return result;
    };
    return Object.assign(step, { ran: () => [...names].sort() });
  }

  async function expectNothingLeft(job: Job): Promise<void> {
    const secrets = [...secretsOf(job.cloud), ...BUILD_SECRET.split('\n')];
    for (const directory of [job.temp, workspace, home])
      expect(await leakingFiles(directory, secrets), directory).toEqual([]);
    expect(await readdir(home)).toEqual([]);
  }

  /** Searches the image's configuration and each of its layers. */
  async function expectCleanImage(job: Job, image: string): Promise<void> {
    const unpacked = await mkdtemp(join(folder, 'image-'));
    await run('/bin/sh', ['-c', 'docker save "$1" | tar -x -C "$2"', 'sh', image, unpacked]);
    const secrets = [...secretsOf(job.cloud), ...BUILD_SECRET.split('\n')];
    expect((await readdir(unpacked)).length).toBeGreaterThan(1);
    expect(await leakingFiles(unpacked, secrets)).toEqual([]);
  }
});

/** The actions that sign in to Google: each must be run above. */
async function googleActions(): Promise<string[]> {
  const names = await readdir(join(root, 'actions'));
  const files = await Promise.all(
    names.map((name) => readFile(join(root, 'actions', name, 'action.yml'), 'utf8')),
  );
  return names
    .filter((_, index) => files[index]?.includes('\n  credentials_json:'))
    .filter((name) => FLYCTL || name !== 'fly-deploy')
    .sort();
}
