import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';

// needs: base-image

const example = fileURLToPath(new URL('../../examples/fastapi-on-cloud-run', import.meta.url));
const BASE = process.env.GANGWAY_BASE_IMAGE;
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/services/hello';

describe('deploy-cloud-run, before any request', () => {
  const good = { service: 'hello', region: 'us-central1', image: `${IMAGE}:v1` };

  it.each([
    [{ ...good, service: 'Hello' }, 'Input "service" is not valid: "Hello"'],
    [{ ...good, region: 'here' }, 'Input "region" is not valid: "here"'],
    [{ ...good, image: 'hello world' }, 'Input "image" is not valid: "hello world"'],
    [{ ...good, env_vars: 'A=1\nNAME' }, 'Input "env_vars" is not valid: line 2 is not NAME=VALUE'],
    [{ ...good, env_vars: 'PORT=1' }, 'use the input port'],
    [{ ...good, secrets: 'PASSWORD=hunter2' }, 'the name of a Secret Manager secret, not its value'],
    [{ ...good, env_vars: 'A=1', secrets: 'A=a:latest' }, 'A is in env_vars too'],
    [{ ...good, cpu: 'two' }, 'Input "cpu" is not valid: "two"'],
    [{ ...good, memory: '512' }, 'Input "memory" is not valid: "512"'],
    [{ ...good, min_instances: '5', max_instances: '2' }, 'it must not be more than max_instances, 2'],
    [{ ...good, port: '70000' }, 'write a whole number from 1 to 65535'],
    [{ ...good, invokers: 'everybody' }, 'Input "invokers" is not valid: "everybody"'],
  ])('refuses %o', async (inputs, message) => {
    await using job = await startJob();
    const requests = await job.requests(async () => {
      const { annotations, written } = await job.step('deploy-cloud-run', inputs, { fails: true });
      expect(annotations[0]?.message).toContain(message);
      expect(written).not.toContain('hunter2');
    });
    expect(requests).toEqual([]);
  });
});

describe.skipIf(!BASE)('deploy-cloud-run with a Docker engine (npm test prepares one)', () => {
  let job: Job;
  let digest: string;
  const invoker = () => `serviceAccount:${job.gatewayServiceAccount}`;
  const inputs = () => ({
    service: 'hello',
    region: 'us-central1',
    image: `${IMAGE}:v1`,
    invokers: invoker(),
    cpu: '1',
    max_instances: '3',
    env_vars: 'GREETING=hi\nA=b=c',
  });

  beforeAll(async () => {
    job = await startJob();
    const built = await job.step(
      'build-and-push',
      { image: IMAGE, tags: 'v1', build_args: `BASE=${BASE}` },
      { workspace: example },
    );
    digest = built.outputs.digest ?? '';
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it('creates a private service from a tag, resolved to its digest', async () => {
    const { outputs, summary } = await job.step('deploy-cloud-run', inputs());
    expect(outputs.changed).toBe('true');
    expect(outputs.revision).toMatch(/^hello-00001-/);
    expect(summary).toContain(`\`${IMAGE}@${digest}\``);
    expect([401, 403]).toContain((await fetch(outputs.url ?? '')).status);
  });

  it('changes nothing on a second run, in two questions of its own and one to the registry', async () => {
    const requests = await job.requests(async () => {
      const { outputs, summary } = await job.step('deploy-cloud-run', inputs());
      expect(outputs.changed).toBe('false');
      expect(summary).toContain('nothing changed');
    });
    const own = requests.filter((request) => !/idtoken|\/v1\/token|generateAccessToken/.test(request));
    expect(own).toHaveLength(3);
    expect(own.filter((request) => !/^(GET|HEAD) /.test(request))).toEqual([]);
  });

  it('keeps what is not named, and rolls out what is', async () => {
    const { outputs } = await job.step('deploy-cloud-run', {
      service: 'hello',
      region: 'us-central1',
      image: `${IMAGE}@${digest}`,
      memory: '1Gi',
    });
    expect(outputs.changed).toBe('true');
    expect(outputs.revision).toMatch(/^hello-00002-/);
    const { body } = await describeService(job);
    expect(body.template.containers[0].env).toEqual([
      { name: 'GREETING', value: 'hi' },
      { name: 'A', value: 'b=c' },
    ]);
    expect(body.template.containers[0].resources.limits).toMatchObject({ memory: '1Gi' });
    expect(body.template.scaling.maxInstanceCount).toBe(3);
  });

  it('makes the invokers exactly those named', async () => {
    const open = await job.step('deploy-cloud-run', {
      service: 'hello',
      region: 'us-central1',
      image: `${IMAGE}@${digest}`,
      invokers: 'allUsers',
    });
    expect(open.outputs.changed).toBe('true');
    expect((await fetch(open.outputs.url ?? '')).status).toBe(200);
    const closed = await job.step('deploy-cloud-run', {
      service: 'hello',
      region: 'us-central1',
      image: `${IMAGE}@${digest}`,
      invokers: invoker(),
    });
    expect(closed.log).toContain('allUsers may not call the service anymore.');
    expect([401, 403]).toContain((await fetch(closed.outputs.url ?? '')).status);
  });

  it('says why a revision does not start, and the one before keeps serving', async () => {
    await using folder = await temporary();
    await writeFile(
      join(folder.path, 'Dockerfile'),
      `ARG BASE\nFROM \${BASE}\nCMD ["sh", "-c", "echo the model is missing; exit 3"]\n`,
    );
    const image = await job.step(
      'build-and-push',
      { image: IMAGE, tags: 'broken', build_args: `BASE=${BASE}` },
      { workspace: folder.path },
    );
    const given = { service: 'hello', region: 'us-central1', image: image.outputs.image ?? '' };
    const broken = await job.step('deploy-cloud-run', given, { fails: true });
    expect(broken.annotations[0]?.message).toMatch(
      /Revision 'hello-0000\d-\w+' is not ready and cannot serve traffic\.[\s\S]*the model is missing/,
    );
    const { body } = await describeService(job);
    expect([200, 401, 403]).toContain((await fetch(body.uri)).status);
    const mended = await job.step('deploy-cloud-run', inputs());
    expect(mended.exitCode).toBe(0);
  });

  it('names an image that is not in the registry', async () => {
    const { annotations } = await job.step(
      'deploy-cloud-run',
      { service: 'other', region: 'us-central1', image: `${IMAGE}:nope` },
      { fails: true },
    );
    expect(annotations[0]?.message).toContain(
      `Input "image" names ${IMAGE}:nope, which is not in the registry.`,
    );
  });
});

interface Described {
  uri: string;
  template: {
    containers: [{ env: unknown; resources: { limits: unknown } }];
    scaling: { maxInstanceCount: number };
  };
}

async function describeService({ cloud }: Job): Promise<{ body: Described }> {
  const { token } = cloud.tokens.issue(
    { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' },
    600,
  );
  const url = `${cloud.origin}/v2/projects/demo-project/locations/us-central1/services/hello`;
  return {
    body: (await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json()) as Described,
  };
}

async function temporary(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
