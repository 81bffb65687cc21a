import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepResult } from '@gangway/runner';
import { expect } from 'vitest';
import { type Job, startJob } from '../job.ts';

/** A job whose steps deploy an app of the local Fly.io, by the flyctl on the PATH. */
export interface FlyJob extends AsyncDisposable {
  readonly job: Job;
  /** The folder with fly.toml. */
  readonly workspace: string;
  /** What the app answers on the web, status by path; 200 where nothing is said. */
  readonly answers: Map<string, number>;
  readonly app: ReturnType<Job['cloud']['fly']['app']>;
  /** Pushes an image to Artifact Registry; returns it by digest. */
  push(): Promise<string>;
  deploy(
    inputs?: Readonly<Record<string, string>>,
    options?: Parameters<Job['step']>[2],
  ): Promise<StepResult>;
  /** The machines that a deploy is about, by id. */
  machines(): {
    readonly id: string;
    readonly instanceId: string;
    readonly state: string;
    readonly digest: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly secrets: Readonly<Record<string, string>>;
  }[];
}

export const APP = 'hello';
const REPOSITORY = 'us-central1-docker.pkg.dev/demo-project/apps';
const FLY_TOML = `
app = "hello"
primary_region = "iad"

[http_service]
internal_port = 8080
auto_stop_machines = "off"

[[http_service.checks]]
path = "/healthz"
interval = "5s"
`;

export async function startFlyJob(toml = FLY_TOML): Promise<FlyJob> {
  const job = await startJob({ simulateMachines: true });
  const workspace = await mkdtemp(join(tmpdir(), 'gangway-fly-'));
  await writeFile(join(workspace, 'fly.toml'), toml);
  const { cloud } = job;
  const organization = cloud.fly.organizations.get('personal');
  if (!organization) throw new Error('the local cloud has no organization');
  const app = cloud.fly.addApp(APP, organization);
  await createRepository(job);
  const answers = new Map<string, number>();
  // What Fly's proxy is for: the simulated machines answer nothing.
  const proxy = createServer((request, response) => {
    response.writeHead(answers.get(request.url ?? '') ?? 200).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const token = cloud.fly.tokens.issue({ kind: 'deploy', name: 'ci', organization, app, lifetime: 3600 });
  return {
    job,
    workspace,
    answers,
    app,
    push: () => pushImage(job),
    deploy: (inputs = {}, options = {}) =>
      job.step(
        'fly-deploy',
        { flyctl_version: 'path', api_token: token.macaroon, ...inputs },
        {
          workspace,
          ...options,
          env: {
            GANGWAY_FLY_PROXY: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
            // What flyctl asks for of hosts that can't be named otherwise fails at once.
            HTTPS_PROXY: 'http://127.0.0.1:9',
            NO_PROXY: '127.0.0.1',
            ...options.env,
          },
        },
      ),
    machines: () =>
      [...app.machines.values()]
        .filter(({ active }) => active)
        .map(({ id, instanceId, state, image, config, secrets }) => ({
          id,
          instanceId,
          state,
          digest: image.digest,
          metadata: config.metadata ?? {},
          secrets,
        }))
        .sort((one, other) => (one.id < other.id ? -1 : 1)),
    async [Symbol.asyncDispose]() {
      proxy.close();
      await job[Symbol.asyncDispose]();
    },
  };
}

async function createRepository(job: Job): Promise<void> {
  const url = `${job.cloud.origin}/v1/projects/${job.project}/locations/us-central1/repositories?repositoryId=apps`;
  const headers = { ...owner(job), 'content-type': 'application/json' };
  expect((await fetch(url, { method: 'POST', headers, body: '{"format":"DOCKER"}' })).status).toBe(200);
}

/** An image of one random layer. */
async function pushImage(job: Job): Promise<string> {
  const type = 'application/vnd.oci.image';
  const base = `${job.cloud.origin}/v2/${REPOSITORY}/hello`;
  const blobs = [Buffer.from('{"architecture":"amd64","os":"linux","config":{}}'), randomBytes(10_000)];
  const [config, layer] = await Promise.all(
    blobs.map(async (bytes) => {
      const digest = sha256(bytes);
      const url = `${base}/blobs/uploads/?digest=${digest}`;
      const response = await fetch(url, { method: 'POST', headers: owner(job), body: new Uint8Array(bytes) });
      expect(response.status).toBe(201);
      return { mediaType: `${type}.layer.v1.tar`, digest, size: bytes.length };
    }),
  );
  const mediaType = `${type}.manifest.v1+json`;
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: { ...config, mediaType: `${type}.config.v1+json` },
      layers: [layer],
    }),
  );
  const digest = sha256(manifest);
  const response = await fetch(`${base}/manifests/${digest}`, {
    method: 'PUT',
    headers: { ...owner(job), 'content-type': mediaType },
    body: new Uint8Array(manifest),
  });
  expect(response.status).toBe(201);
  return `${REPOSITORY}/hello@${digest}`;
}

function owner(job: Job): Record<string, string> {
  const email = 'owner@example.com';
  const principal = { member: `user:${email}`, memberOf: ['allAuthenticatedUsers'], email };
  return { authorization: `Bearer ${job.cloud.tokens.issue(principal, 3600).token}` };
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
