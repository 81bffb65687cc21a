import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';

// needs: openssl

const MEMBERS = '/gkehub/v1/projects/demo-project/locations';
const GATEWAY = '/connectgateway/v1/projects/demo-project/locations/us-central1/gkeMemberships';

let cloud: RunningCloud;
let server: Server;
beforeAll(async () => {
  cloud = await startCloud();
  const tls = await selfSigned(['IP:127.0.0.1']);
  // Stands in for an API server: says what it was asked.
  server = createServer({ key: tls.key, cert: tls.certificate }, async (request, response) => {
    const { method, url, headers } = request;
    const body = await request.setEncoding('utf8').reduce((all: string, part: string) => all + part, '');
    response.writeHead(url === '/gone' ? 410 : 200, {
      'content-type': 'application/json',
      'x-internal': '1',
    });
    response.end(
      JSON.stringify({ method, url, token: headers.authorization, type: headers['content-type'], body }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cluster = { endpoint, certificate: tls.certificate, version: '1.34.4', nodes: 1 };
  const now = cloud.clock.now();
  cloud.clusters.attach({ ...cluster, name: 'main', location: 'us-central1-a', fleet: true }, now);
  cloud.clusters.attach({ ...cluster, name: 'alone', location: 'us-central1' }, now);
  cloud.clusters.attach(
    { ...cluster, endpoint: '127.0.0.1:9', name: 'down', location: 'us-central1', fleet: true },
    now,
  );
  for (const api of ['gkehub', 'connectgateway']) cloud.serviceUsage.enabled.add(`${api}.googleapis.com`);
});
afterAll(async () => {
  server.close();
  await cloud.close();
});
const as = (email: string) => caller(cloud, tokenOf(cloud, email));

describe('memberships', () => {
  it('are those of the clusters in the fleet, found by cluster as get-gke-credentials asks', async () => {
    const owner = as('owner@example.com');
    const link = '//container.googleapis.com/projects/demo-project/locations/us-central1-a/clusters/main';
    const filter = encodeURIComponent(`endpoint.gkeCluster.resourceLink="${link}"`);
    const { body } = await owner('GET', `${MEMBERS}/-/memberships?filter=${filter}`);
    const name = 'projects/demo-project/locations/us-central1/memberships/main';
    expect(body).toMatchObject({
      resources: [{ name, endpoint: { gkeCluster: { resourceLink: link } }, state: { code: 'READY' } }],
    });
    expect(await owner('GET', `/gkehub/v1/${name}`)).toMatchObject({ status: 200, body: { name } });
    const cluster = await owner(
      'GET',
      '/container/v1/projects/demo-project/locations/us-central1-a/clusters/main',
    );
    expect(cluster.body).toMatchObject({
      fleet: { membership: `//gkehub.googleapis.com/${name.replace('demo-project', cloud.project.number)}` },
    });
  });

  it('are not there of another cluster, and not shown to everybody', async () => {
    const alone = await as('owner@example.com')('GET', `${MEMBERS}/us-central1/memberships/alone`);
    expect(alone.status).toBe(404);
    const stranger = await as('stranger@example.com')('GET', `${MEMBERS}/us-central1/memberships/main`);
    expect(stranger).toMatchObject({ status: 403 });
    expect(JSON.stringify(stranger.body)).toContain('gkehub.memberships.get');
  });
});

describe('the Connect gateway', () => {
  it('asks the API server as the caller, path, query and body as they are', async () => {
    const token = tokenOf(cloud, 'owner@example.com');
    const type = 'application/apply-patch+yaml';
    const answer = await fetch(
      `${cloud.origin}${GATEWAY}/main/api/v1/namespaces/a%20b?fieldManager=x&dryRun=All`,
      {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body: 'kind: Namespace\n',
      },
    );
    expect(answer.headers.get('x-internal')).toBeNull();
    expect(await answer.json()).toEqual({
      ...{ method: 'PATCH', url: '/api/v1/namespaces/a%20b?fieldManager=x&dryRun=All' },
      ...{ token: `Bearer ${token}`, type, body: 'kind: Namespace\n' },
    });
    expect((await as('owner@example.com')('GET', `${GATEWAY}/main/gone`)).status).toBe(410);
  });

  it('lets in whom the fleet lets in, to a member', async () => {
    const stranger = as('stranger@example.com');
    const refused = await stranger('GET', `${GATEWAY}/main/api`);
    expect(refused).toMatchObject({ status: 403 });
    expect(JSON.stringify(refused.body)).toContain('gkehub.gateway.get');
    cloud.iam.grant('projects/demo-project', 'roles/gkehub.gatewayReader', 'user:stranger@example.com');
    expect((await stranger('GET', `${GATEWAY}/main/api`)).status).toBe(200);
    expect((await stranger('DELETE', `${GATEWAY}/main/api`)).status).toBe(403);
    expect((await as('owner@example.com')('GET', `${GATEWAY}/alone/api`)).status).toBe(404);
    expect((await caller(cloud)('GET', `${GATEWAY}/main/api`)).status).toBe(401);
  });

  it('says that an API server is down, and is an API to be enabled', async () => {
    const owner = as('owner@example.com');
    expect(await owner('GET', `${GATEWAY}/down/api`)).toMatchObject({ status: 503 });
    cloud.serviceUsage.enabled.delete('connectgateway.googleapis.com');
    const off = await owner('GET', `${GATEWAY}/main/api`);
    expect(JSON.stringify(off.body)).toContain('SERVICE_DISABLED');
    cloud.serviceUsage.enabled.add('connectgateway.googleapis.com');
  });
});
