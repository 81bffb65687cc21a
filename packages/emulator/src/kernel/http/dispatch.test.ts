import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';

let cloud: RunningCloud;
let token: string;
beforeAll(async () => {
  cloud = await startCloud();
  token = tokenOf(cloud, 'owner@example.com');
});
afterAll(() => cloud.close());

/** Asks as the project's owner; `fetch` sets the host itself. */
function ask(path: string, host = new URL(cloud.origin).host): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { headers: { host, authorization: `Bearer ${token}` } };
    request(`${cloud.origin}${path}`, options, async (response) =>
      resolve({ status: response.statusCode ?? 0, body: await text(response) }),
    )
      .on('error', reject)
      .end();
  });
}

describe('a request is for', () => {
  it.each([
    ['/apigateway/v1/projects/demo-project/locations', 'apigateway.googleapis.com', 'us-west4'],
    [
      '/artifactregistry/v1/projects/demo-project/locations',
      'artifactregistry.googleapis.com',
      'europe-west9',
    ],
    ['/run/v1/projects/demo-project/locations', 'run.googleapis.com', 'europe-west9'],
  ])('the service whose prefix begins its path: %s', async (path, service, place) => {
    const { status, body } = await ask(path);
    expect(status).toBe(200);
    expect(body).toContain(`"${place}"`);
    expect(cloud.requests.at(-1)).toMatchObject({ service, path: '/v1/projects/demo-project/locations' });
  });

  it.each(['apigateway.googleapis.com', 'run.googleapis.com', 'europe-west1-run.googleapis.com'])(
    'the service that its host names: %s',
    async (host) => {
      expect((await ask('/v1/projects/demo-project/locations', host)).status).toBe(200);
      expect(cloud.requests.at(-1)?.service).toBe(host.replace(/^.*-/, ''));
      // There a prefix is nothing.
      expect((await ask('/run/v1/projects/demo-project/locations', host)).status).toBe(404);
    },
  );

  it('nobody at a host name of the world that no service stands in for', async () => {
    expect((await ask('/v1/projects/demo-project/services', 'pubsub.googleapis.com')).status).toBe(404);
  });

  it('the one service that has its path, where the path has no prefix', async () => {
    expect((await ask('/v1/projects/demo-project/services')).status).toBe(200);
    expect(cloud.requests.at(-1)?.service).toBe('serviceusage.googleapis.com');
  });

  it('no one where several have its path: the answer says how to ask', async () => {
    const { status, body } = await ask('/v1/projects/demo-project/locations');
    expect(status).toBe(404);
    expect(JSON.parse(body).error).toMatchObject({
      status: 'NOT_FOUND',
      message: expect.stringContaining('/apigateway/v1/projects/demo-project/locations (API Gateway API)'),
    });
  });

  it('the service whose operation it is', async () => {
    const parent = 'projects/demo-project/locations/us-central1';
    for (const service of ['apigateway.googleapis.com', 'artifactregistry.googleapis.com']) {
      const name = `${parent}/operations/of-${service}`;
      cloud.operationsOf(service).start({
        name,
        work: () => ({ '@type': 'type.googleapis.com/google.protobuf.Empty' }),
      });
      expect(JSON.parse((await ask(`/v1/${name}`)).body)).toMatchObject({ name });
      expect(cloud.requests.at(-1)?.service).toBe(service);
    }
    expect((await ask(`/v1/${parent}/operations/of-nobody`)).status).toBe(404);
  });
});
