import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage, pushImage } from '../../../../test/image.ts';
import { type RunningCloud, startCloud } from '../../../cloud.ts';
import { serviceAccount, user } from '../../../kernel/principal.ts';

const SERVICES = 'projects/demo-project/locations/us-central1/services';
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/app/web:1';

let cloud: RunningCloud;
let token: string;

// No engine answers here: what a deployment needs of one is told in the operation, the rest goes on.
beforeAll(async () => {
  cloud = await startCloud({ dockerHost: 'unix:///nonexistent/docker.sock' });
  token = cloud.tokens.issue(user('owner@example.com'), 3600).token;
  await fetch(
    `${cloud.origin}/v1/projects/demo-project/locations/us-central1/repositories?repositoryId=app`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{"format":"DOCKER"}',
    },
  );
  const image = buildImage([{ path: 'a', mode: 0o644, content: 'a' }]);
  await pushImage(`${cloud.origin}/v2/demo-project/app/web`, token, image, '1');
});
afterAll(() => cloud.close());

describe('create', () => {
  it('fills in what the real service fills in', async () => {
    await create('full', { containers: [{ image: IMAGE }] });
    const { body } = await send('GET', `v2/${SERVICES}/full`);
    expect(body).toMatchObject({
      name: `${SERVICES}/full`,
      generation: '1',
      creator: 'owner@example.com',
      ingress: 'INGRESS_TRAFFIC_ALL',
      launchStage: 'GA',
      template: {
        scaling: { maxInstanceCount: 100 },
        timeout: '300s',
        serviceAccount: '123456789012-compute@developer.gserviceaccount.com',
        maxInstanceRequestConcurrency: 80,
        containers: [
          {
            image: IMAGE,
            resources: { limits: { cpu: '1000m', memory: '512Mi' }, cpuIdle: true },
            ports: [{ name: 'http1', containerPort: 8080 }],
            startupProbe: {
              timeoutSeconds: 240,
              periodSeconds: 240,
              failureThreshold: 1,
              tcpSocket: { port: 8080 },
            },
          },
        ],
      },
      traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
      latestCreatedRevision: expect.stringMatching(/\/revisions\/full-00001-[a-z]{3}$/),
      uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
  });

  it('says how to get Docker where no engine answers', async () => {
    expect(await create('no-engine', { containers: [{ image: IMAGE }] })).toMatchObject({
      error: {
        code: 14,
        message: expect.stringMatching(/No Docker engine answers at unix:.*Install Docker/),
      },
    });
    const { body } = await send('GET', `v2/${SERVICES}/no-engine`);
    expect(body).toMatchObject({ terminalCondition: { type: 'Ready', state: 'CONDITION_FAILED' } });
    expect(body).not.toHaveProperty('reconciling');
  });

  it('tells an image and a secret that are not there', async () => {
    const image = 'us-central1-docker.pkg.dev/demo-project/app/nope:1';
    expect(await create('no-image', { containers: [{ image }] })).toMatchObject({
      error: { code: 5, message: expect.stringContaining(`Image '${image}' not found.`) },
    });
    const env = [{ name: 'KEY', valueSource: { secretKeyRef: { secret: 'api-key', version: '2' } } }];
    expect(await create('no-secret', { containers: [{ image: IMAGE, env }] })).toMatchObject({
      error: {
        message: expect.stringContaining(
          'Secret projects/123456789012/secrets/api-key/versions/2 was not found',
        ),
      },
    });
  });

  it.each([
    ['an id', 'Bad_Id', {}, 'must use only lowercase letters'],
    ['no container', 'bad', {}, 'template.containers: must have at least one container'],
    ['no image', 'bad', { containers: [{}] }, 'required field not present'],
    [
      'memory',
      'bad',
      { containers: [limited('1', '8Gi')] },
      'For 1 CPU, memory must be between 128Mi and 4Gi inclusive.',
    ],
    ['a cpu', 'bad', { containers: [limited('3', '1Gi')] }, 'Invalid value specified for cpu.'],
    [
      'little cpu, many requests',
      'bad',
      { maxInstanceRequestConcurrency: 2, containers: [limited('500m', '256Mi')] },
      'cpu < 1',
    ],
    [
      'a reserved name',
      'bad',
      { containers: [{ image: IMAGE, env: [{ name: 'PORT', value: '1' }] }] },
      'reserved env names were provided: PORT',
    ],
    [
      'a timeout',
      'bad',
      { timeout: '7200s', containers: [{ image: IMAGE }] },
      'between 1 second and 60 minutes',
    ],
  ])('refuses %s', async (_, id, template, message) => {
    const { status, body } = await send('POST', `v2/${SERVICES}?serviceId=${id}`, { template });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(message);
  });

  it('needs actAs on the runtime service account, and to read the image', async () => {
    const account = serviceAccount('limited@demo-project.iam.gserviceaccount.com');
    cloud.iam.grant('projects/demo-project', 'roles/run.admin', account.member);
    const limitedToken = cloud.tokens.issue(account, 600).token;
    const runtime = '123456789012-compute@developer.gserviceaccount.com';
    const request = { template: { containers: [{ image: IMAGE }] } };
    expect(await send('POST', `v2/${SERVICES}?serviceId=denied`, request, limitedToken)).toMatchObject({
      status: 403,
      body: {
        error: {
          message: `Permission 'iam.serviceaccounts.actAs' denied on service account ${runtime} (or it may not exist).`,
        },
      },
    });
    cloud.iam.grant(
      `projects/demo-project/serviceAccounts/${runtime}`,
      'roles/iam.serviceAccountUser',
      account.member,
    );
    const blind = await send('POST', `v2/${SERVICES}?serviceId=blind`, request, limitedToken);
    expect(blind.status).toBe(403);
    expect(Object(blind.body.error).message).toMatch(
      /^User must have permission to read the image, us-central1-docker\.pkg\.dev\/demo-project\/app\/web:1\..*\n Cause: 403 Forbidden\n[\s\S]*artifactregistry\.repositories\.downloadArtifacts\\" denied/,
    );
    cloud.iam.grant(
      'projects/demo-project/locations/us-central1/repositories/app',
      'roles/artifactregistry.reader',
      account.member,
    );
    expect((await send('POST', `v2/${SERVICES}?serviceId=allowed`, request, limitedToken)).status).toBe(200);
  });

  it('leaves nothing behind when it was only to be validated', async () => {
    const request = { template: { containers: [{ image: IMAGE }] } };
    const { body } = await send('POST', `v2/${SERVICES}?serviceId=dry&validateOnly=true`, request);
    expect(body).toMatchObject({ done: true, response: { name: `${SERVICES}/dry` } });
    expect((await send('GET', `v2/${SERVICES}/dry`)).body.error).toMatchObject({
      message:
        "Resource 'dry' of kind 'SERVICE' in region 'us-central1' in project 'demo-project' does not exist.",
    });
  });
});

describe('patch', () => {
  it('replaces what a caller may set where it has no mask', async () => {
    const template = { containers: [{ image: IMAGE }], timeout: '10s' };
    const settings = {
      description: 'Old',
      ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      launchStage: 'BETA',
      labels: { team: 'a' },
      annotations: { a: 'b' },
      scaling: { minInstanceCount: 1 },
      invokerIamDisabled: true,
      client: 'old',
    };
    const path = `v2/${SERVICES}/whole`;
    await finished(await send('POST', `v2/${SERVICES}?serviceId=whole`, { template, ...settings }));
    const before = (await send('GET', path)).body;
    expect(before).toMatchObject(settings);
    const bare = { template: { containers: [{ image: IMAGE }] } };
    await finished(await send('PATCH', path, bare));
    const after = (await send('GET', path)).body;
    const gone = ['description', 'labels', 'annotations', 'scaling', 'invokerIamDisabled', 'client'];
    expect(Object.keys(after).filter((name) => gone.includes(name))).toEqual([]);
    expect(after).toMatchObject({
      ingress: 'INGRESS_TRAFFIC_ALL',
      launchStage: 'GA',
      template: { timeout: '300s' },
      generation: '2',
    });
    // What Cloud Run says of it is its own.
    const { name, uid, createTime, creator, uri } = before;
    expect(after).toMatchObject({ name, uid, createTime, creator, uri });
  });

  it('makes a revision of an unchanged template where it is told to', async () => {
    const template = { containers: [{ image: IMAGE }] };
    await create('forced', template);
    await finished(await send('PATCH', `v2/${SERVICES}/forced?forceNewRevision=true`, { template }));
    expect(await revisions('forced')).toHaveLength(2);
  });

  it('makes a revision of a changed template and none of an unchanged one', async () => {
    const template = { containers: [{ image: IMAGE }] };
    await create('patched', template);
    await finished(await send('PATCH', `v2/${SERVICES}/patched`, { template }));
    expect(await revisions('patched')).toHaveLength(1);
    const changed = { template: { containers: [{ image: IMAGE, env: [{ name: 'A', value: '1' }] }] } };
    await finished(await send('PATCH', `v2/${SERVICES}/patched?updateMask=template.containers`, changed));
    expect(await revisions('patched')).toHaveLength(2);
    await finished(
      await send('PATCH', `v2/${SERVICES}/patched?updateMask=labels`, { labels: { team: 'a' } }),
    );
    expect(await revisions('patched')).toHaveLength(2);
    expect((await send('GET', `v2/${SERVICES}/patched`)).body).toMatchObject({
      generation: '4',
      labels: { team: 'a' },
    });
  });

  it('takes a revision name once, and refuses a stale etag', async () => {
    const template = { revision: 'named-v1', containers: [{ image: IMAGE }] };
    await create('named', template);
    expect(await revisions('named')).toMatchObject([{ name: `${SERVICES}/named/revisions/named-v1` }]);
    const again = { template: { ...template, timeout: '10s' } };
    expect(await send('PATCH', `v2/${SERVICES}/named`, again)).toMatchObject({
      status: 409,
      body: { error: { message: "Revision named 'named-v1' with different configuration already exists." } },
    });
    expect((await send('GET', `v2/${SERVICES}/named`)).body).toMatchObject({ template: { timeout: '300s' } });
    expect(
      (await send('PATCH', `v2/${SERVICES}/named`, { etag: '"old"', template })).body.error,
    ).toMatchObject({ status: 'ABORTED' });
    const path = `v2/${SERVICES}/named`;
    expect((await send('DELETE', `${path}?etag=${encodeURIComponent('"old"')}`)).body.error).toMatchObject({
      status: 'ABORTED',
    });
    const all = (await send('GET', `v2/${SERVICES}/-/revisions`)).body.revisions as { name: string }[];
    expect(all.map(({ name }) => name)).toContain(`${SERVICES}/named/revisions/named-v1`);
    const { etag } = (await send('GET', path)).body as { etag: string };
    expect((await send('DELETE', `${path}?etag=${encodeURIComponent(etag)}`)).status).toBe(200);
  });

  it('creates what is missing only where that is allowed', async () => {
    const request = { template: { containers: [{ image: IMAGE }] } };
    expect((await send('PATCH', `v2/${SERVICES}/absent`, request)).status).toBe(404);
    expect((await send('PATCH', `v2/${SERVICES}/absent?allowMissing=true`, request)).status).toBe(200);
    expect((await send('GET', `v2/${SERVICES}/absent`)).status).toBe(200);
  });
});

it('keeps policies, in version 1 for gcloud and in version 2', async () => {
  await create('policy', { containers: [{ image: IMAGE }] });
  const bindings = [{ role: 'roles/run.invoker', members: ['allUsers'] }];
  await send('POST', `v1/${SERVICES}/policy:setIamPolicy`, { policy: { bindings } });
  expect((await send('GET', `v2/${SERVICES}/policy:getIamPolicy`)).body).toMatchObject({ bindings });
  const permissions = ['run.services.get', 'run.routes.invoke'];
  const stranger = cloud.tokens.issue(user('stranger@example.com'), 60).token;
  expect(
    (await send('POST', `v2/${SERVICES}/policy:testIamPermissions`, { permissions }, stranger)).body,
  ).toEqual({
    permissions: ['run.routes.invoke'],
  });
});

it('deletes a service with its policy', async () => {
  await create('gone', { containers: [{ image: IMAGE }] });
  cloud.iam.grant(`${SERVICES}/gone`, 'roles/run.invoker', 'allUsers');
  expect(await finished(await send('DELETE', `v2/${SERVICES}/gone`))).toMatchObject({
    response: { deleteTime: expect.any(String) },
  });
  expect((await send('GET', `v2/${SERVICES}/gone`)).status).toBe(404);
  expect(cloud.iam.get(`${SERVICES}/gone`).bindings).toEqual([]);
});

function limited(cpu: string, memory: string): unknown {
  return { image: IMAGE, resources: { limits: { cpu, memory } } };
}

/** Creates a service and returns its finished operation. */
async function create(id: string, template: unknown): Promise<Record<string, unknown>> {
  return finished(await send('POST', `v2/${SERVICES}?serviceId=${id}`, { template }));
}

async function finished({ body }: { body: Record<string, unknown> }): Promise<Record<string, unknown>> {
  await expect.poll(async () => (await send('GET', `v2/${body.name}`)).body.done).toBe(true);
  return (await send('GET', `v2/${body.name}`)).body;
}

async function revisions(id: string): Promise<unknown> {
  return (await send('GET', `v2/${SERVICES}/${id}/revisions`)).body.revisions;
}

async function send(
  method: string,
  path: string,
  body?: unknown,
  as = token,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${cloud.origin}/${path}`, {
    method,
    headers: { authorization: `Bearer ${as}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
