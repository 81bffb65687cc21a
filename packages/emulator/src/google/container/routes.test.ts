import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';

const PLACE = '/container/v1/projects/demo-project/locations';
const CLUSTER = {
  name: 'main',
  location: 'us-central1',
  endpoint: '127.0.1.2',
  certificate: 'PEM',
  version: '1.34.4',
  nodes: 1,
};

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());
beforeEach(() => cloud.clusters.attach(CLUSTER, cloud.clock.now()));

describe('clusters', () => {
  it('are listed and shown, with where the API server is and who vouches for it', async () => {
    const owner = caller(cloud, tokenOf(cloud, 'owner@example.com'));
    const { body } = await owner('GET', `${PLACE}/us-central1/clusters/main`);
    expect(body).toMatchObject({
      name: 'main',
      status: 'RUNNING',
      endpoint: '127.0.1.2',
      masterAuth: { clusterCaCertificate: Buffer.from('PEM').toString('base64') },
      controlPlaneEndpointsConfig: { ipEndpointsConfig: { publicEndpoint: '127.0.1.2' } },
    });
    expect(Object(body)).not.toHaveProperty('workloadIdentityConfig');
    const issuer =
      'https://container.googleapis.com/v1/projects/demo-project/locations/us-central1/clusters/main';
    const identity = { issuer, keys: async () => ({ keys: [] }) };
    cloud.clusters.attach({ ...CLUSTER, identity }, cloud.clock.now());
    expect((await owner('GET', `${PLACE}/us-central1/clusters/main`)).body).toMatchObject({
      workloadIdentityConfig: { workloadPool: 'demo-project.svc.id.goog' },
      nodeConfig: { workloadMetadataConfig: { mode: 'GKE_METADATA' } },
    });
    for (const [location, count] of [
      ['-', 1],
      ['us-central1', 1],
      ['europe-west1', 0],
    ] as const) {
      const listed = await owner('GET', `${PLACE}/${location}/clusters`);
      expect(Object(listed.body).clusters ?? []).toHaveLength(count);
    }
    cloud.clusters.detach(CLUSTER);
    expect(await owner('GET', `${PLACE}/us-central1/clusters/main`)).toMatchObject({
      status: 404,
      body: { error: { message: 'Not found: projects/demo-project/locations/us-central1/clusters/main.' } },
    });
  });

  it('are not shown to whom IAM does not let see them', async () => {
    const stranger = caller(cloud, tokenOf(cloud, 'stranger@example.com'));
    expect(await stranger('GET', `${PLACE}/us-central1/clusters/main`)).toMatchObject({
      status: 403,
      body: {
        error: {
          message:
            'Required "container.clusters.get" permission(s) for "projects/demo-project/locations/us-central1/clusters/main".',
        },
      },
    });
    expect((await caller(cloud)('GET', `${PLACE}/-/clusters`)).status).toBe(401);
  });
});

describe('the webhooks of an API server', () => {
  const ask = async (path: string, body: object, password = cloud.clusters.webhookToken) => {
    const answer = await fetch(`${cloud.origin}/clusters/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`apiserver:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    return { code: answer.status, ...((await answer.json()) as { status?: Record<string, unknown> }) };
  };
  const review = (token: string) => ({ apiVersion: 'authentication.k8s.io/v1', spec: { token } });

  it('say whom a token stands for', async () => {
    const token = tokenOf(cloud, 'owner@example.com');
    expect((await ask('authenticate', review(token))).status).toEqual({
      authenticated: true,
      user: { username: 'owner@example.com', groups: ['system:authenticated'] },
    });
    expect((await ask('authenticate', review('none'))).status).toEqual({ authenticated: false });
    const scopes = ['https://www.googleapis.com/auth/devstorage.read_only'];
    const principal = { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' };
    const narrow = cloud.tokens.issue(principal, 60, scopes).token;
    expect((await ask('authenticate', review(narrow))).status).toEqual({ authenticated: false });
  });

  it('say what IAM allows, and which permission is missing', async () => {
    const access = (user: string) => ({
      apiVersion: 'authorization.k8s.io/v1',
      spec: { user, resourceAttributes: { verb: 'patch', resource: 'deployments', group: 'apps' } },
    });
    expect((await ask('authorize', access('owner@example.com'))).status).toEqual({
      allowed: true,
      reason: '',
    });
    const refused = {
      allowed: false,
      reason: 'requires one of ["container.deployments.update"] permission(s).',
    };
    expect((await ask('authorize', access('stranger@example.com'))).status).toEqual(refused);
    expect((await ask('authorize', access('system:node:one'))).status).toEqual(refused);
    const path = {
      apiVersion: 'authorization.k8s.io/v1',
      spec: { user: 'a@example.com', nonResourceAttributes: { path: '/' } },
    };
    expect((await ask('authorize', path)).status).toEqual({ allowed: false, reason: '' });
  });

  it('answer API servers alone', async () => {
    expect((await ask('authenticate', review('x'), 'guessed')).code).toBe(401);
  });
});
