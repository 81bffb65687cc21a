import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { type ManualClock, manualClock } from '../../kernel/clock.ts';
import { OWNER } from '../../seeded.ts';

const SERVICES = '/v1/projects/demo-project/services';
const MANAGED = 'api-1-0abc123def456.apigateway.demo-project.cloud.goog';

let clock: ManualClock;
let cloud: RunningCloud;
let owner: ReturnType<typeof caller>;
beforeAll(async () => {
  clock = manualClock();
  cloud = await startCloud({ clock, operationTime: 1000 });
  owner = caller(cloud, tokenOf(cloud, OWNER));
});
afterAll(() => cloud.close());

async function ended(name: unknown) {
  clock.advance(1000);
  await new Promise((resolve) => setImmediate(resolve));
  return (await owner('GET', `/v1/${name}`)).body;
}

describe('enable', () => {
  it('is an operation, and the service is on when it ends', async () => {
    const { status, body } = await owner('POST', `${SERVICES}/pubsub.googleapis.com:enable`, {});
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: expect.stringMatching(/^operations\/acat\.p2-123456789012-[-0-9a-f]{36}$/),
    });
    expect((await owner('GET', `${SERVICES}/pubsub.googleapis.com`)).body.state).toBe('DISABLED');
    expect(await ended(body.name)).toEqual({
      name: body.name,
      done: true,
      response: {
        '@type': 'type.googleapis.com/google.api.serviceusage.v1.EnableServiceResponse',
        service: {
          name: 'projects/123456789012/services/pubsub.googleapis.com',
          config: { name: 'pubsub.googleapis.com', title: 'Cloud Pub/Sub API' },
          state: 'ENABLED',
          parent: 'projects/123456789012',
        },
      },
    });
  });

  it('is done at once for what is on already', async () => {
    const { body } = await owner('POST', `${SERVICES}/run.googleapis.com:enable`, {});
    expect(body).toMatchObject({
      name: 'operations/noop.DONE_OPERATION',
      done: true,
      response: { service: { state: 'ENABLED' } },
    });
  });

  it('takes a project number', async () => {
    const { body } = await owner('GET', '/v1/projects/123456789012/services/run.googleapis.com');
    expect(body.state).toBe('ENABLED');
  });

  it('knows a managed service only once it is registered, and only for who may bind it', async () => {
    const path = `${SERVICES}/${MANAGED}:enable`;
    const unknown = await owner('POST', path, {});
    expect(unknown).toMatchObject({
      status: 403,
      body: {
        error: {
          message: `Not found or permission denied for service(s): ${MANAGED}.`,
          status: 'PERMISSION_DENIED',
          details: [
            { violations: [{ subject: `?error_code=220002&services=${MANAGED}` }] },
            {
              reason: 'SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED',
              domain: 'serviceusage.googleapis.com',
            },
          ],
        },
      },
    });
    cloud.contracts.apis.register(MANAGED, 'My API');
    cloud.iam.grant(
      'projects/demo-project',
      'roles/serviceusage.serviceUsageAdmin',
      'user:binder@example.com',
    );
    const binder = caller(cloud, tokenOf(cloud, 'binder@example.com'));
    expect((await binder('POST', path, {})).body).toEqual(unknown.body);
    cloud.iam.grant(
      'projects/demo-project',
      'roles/servicemanagement.serviceConsumer',
      'user:binder@example.com',
    );
    const { body } = await binder('POST', path, {});
    await ended(body.name);
    expect(cloud.serviceUsage.enabled.has(MANAGED)).toBe(true);
    expect((await owner('GET', `${SERVICES}/${MANAGED}`)).body.config).toEqual({
      name: MANAGED,
      title: 'My API',
    });
  });

  it('is denied by name', async () => {
    const stranger = caller(cloud, tokenOf(cloud, 'stranger@example.com'));
    expect(await stranger('POST', `${SERVICES}/run.googleapis.com:enable`, {})).toMatchObject({
      status: 403,
      body: {
        error: {
          message: 'Permission denied to enable service [run.googleapis.com]',
          details: [{}, { reason: 'AUTH_PERMISSION_DENIED' }],
        },
      },
    });
    expect((await caller(cloud)('POST', `${SERVICES}/run.googleapis.com:enable`, {})).status).toBe(401);
    expect(
      (await owner('POST', '/v1/projects/other-project/services/run.googleapis.com:enable', {})).status,
    ).toBe(403);
  });
});

describe('batchEnable', () => {
  it('turns on all of them, or none', async () => {
    const bad = await owner('POST', `${SERVICES}:batchEnable`, {
      serviceIds: ['redis.googleapis.com', 'nope.googleapis.com'],
    });
    expect(bad.status).toBe(403);
    expect(cloud.serviceUsage.enabled.has('redis.googleapis.com')).toBe(false);
    const { body } = await owner('POST', `${SERVICES}:batchEnable`, {
      serviceIds: ['redis.googleapis.com', 'dns.googleapis.com'],
    });
    const { response } = await ended(body.name);
    expect(response).toMatchObject({ services: [{ state: 'ENABLED' }, { state: 'ENABLED' }] });
  });

  it('takes from 1 to 20', async () => {
    expect((await owner('POST', `${SERVICES}:batchEnable`, { serviceIds: [] })).status).toBe(400);
    const serviceIds = Array.from({ length: 21 }, () => 'run.googleapis.com');
    expect((await owner('POST', `${SERVICES}:batchEnable`, { serviceIds })).status).toBe(400);
  });
});

describe('disable', () => {
  it('turns an API off, whose calls then say how to turn it on', async () => {
    const { body } = await owner('POST', `${SERVICES}/cloudresourcemanager.googleapis.com:disable`, {});
    await ended(body.name);
    const refused = await owner('GET', '/v1/projects/demo-project');
    expect(refused).toMatchObject({
      status: 403,
      body: {
        error: {
          message: expect.stringMatching(
            /^Cloud Resource Manager API has not been used in project 123456789012/,
          ),
        },
      },
    });
    cloud.serviceUsage.enabled.add('cloudresourcemanager.googleapis.com');
  });
});

describe('list', () => {
  it('pages through what is enabled', async () => {
    const names: string[] = [];
    let pageToken: unknown = '';
    do {
      const { body } = await owner(
        'GET',
        `${SERVICES}?filter=state:ENABLED&pageSize=4&pageToken=${pageToken}`,
      );
      const services = body.services as { name: string; state: string }[];
      expect(services.length).toBeLessThanOrEqual(4);
      for (const { name, state } of services) {
        expect(state).toBe('ENABLED');
        names.push(name);
      }
      pageToken = body.nextPageToken;
    } while (pageToken);
    expect(names).toEqual(
      [...cloud.serviceUsage.enabled].sort().map((name) => `projects/123456789012/services/${name}`),
    );
  });

  it('refuses another filter', async () => {
    expect((await owner('GET', `${SERVICES}?filter=name:x`)).status).toBe(400);
  });
});

describe('batchGet', () => {
  it('shows up to 30 by name', async () => {
    const names = ['run', 'spanner']
      .map((name) => `names=projects/demo-project/services/${name}.googleapis.com`)
      .join('&');
    const { body } = await owner('GET', `${SERVICES}:batchGet?${names}`);
    expect(body).toMatchObject({ services: [{ state: 'ENABLED' }, { state: 'DISABLED' }] });
    const many = Array.from({ length: 31 }, () => 'names=projects/p/services/run.googleapis.com').join('&');
    expect((await owner('GET', `${SERVICES}:batchGet?${many}`)).status).toBe(400);
  });
});
