import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { caller, tokenOf } from '../../../../test/client.ts';
import { type GcloudRun, gcloudRun, hasGcloud } from '../../../../test/run-gcloud.ts';
import { type RunningCloud, startCloud } from '../../../cloud.ts';

// needs: gcloud

const SERVICES = '/v2/projects/demo-project/locations/us-central1/services';
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/app/web:1';

describe.skipIf(!hasGcloud)('gcloud run services, where gcloud is installed', { timeout: 180_000 }, () => {
  let cloud: RunningCloud;
  let client: GcloudRun;
  const gcloud = (...args: string[]) => client.run('services', ...args);

  beforeAll(async () => {
    cloud = await startCloud({ dockerHost: 'unix:///nonexistent/docker.sock' });
    client = await gcloudRun(cloud);
    const call = caller(cloud, tokenOf(cloud, 'owner@example.com'));
    await call('POST', `${SERVICES}?serviceId=shown`, {
      labels: { team: 'a' },
      ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      template: {
        timeout: '60s',
        scaling: { maxInstanceCount: 3 },
        volumes: [
          { name: 'sql', cloudSqlInstance: { instances: ['p:r:i'] } },
          { name: 'key', secret: { secret: 's', items: [{ path: 'k', version: '2' }] } },
        ],
        containers: [
          {
            image: IMAGE,
            env: [
              { name: 'A', value: '1' },
              { name: 'B', valueSource: { secretKeyRef: { secret: 's', version: '3' } } },
            ],
            volumeMounts: [
              { name: 'sql', mountPath: '/cloudsql' },
              { name: 'key', mountPath: '/keys' },
            ],
          },
        ],
      },
    });
  });
  afterAll(async () => {
    await cloud.close();
    await client[Symbol.asyncDispose]();
  });

  it('lists them', async () => {
    expect(await gcloud('list', '--format=value(metadata.name,status.url)')).toMatch(
      /^shown\thttp:\/\/127\.0\.0\.1:\d+\n$/,
    );
  });

  it('describes one, and why it is not ready', async () => {
    const described = await gcloud('describe', 'shown');
    expect(described).toMatch(
      /X Revision 'shown-00001-\w+' is not ready and cannot serve traffic\. Image 'us-/,
    );
    expect(described).toMatch(/SQL connections: +p:r:i\n/);
    expect(described).toMatch(/Secrets:\n +\/keys +s:2\n +B +s:3\n/);
    await expect(gcloud('describe', 'absent')).rejects.toThrow('Cannot find service [absent]');
  });

  it('exports one as Knative has it', async () => {
    expect(parse(await gcloud('describe', 'shown', '--format=export'))).toMatchObject({
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {
        name: 'shown',
        labels: { team: 'a' },
        annotations: { 'run.googleapis.com/ingress': 'internal' },
      },
      spec: {
        template: {
          metadata: {
            annotations: {
              'autoscaling.knative.dev/maxScale': '3',
              'run.googleapis.com/cloudsql-instances': 'p:r:i',
            },
          },
          spec: {
            containerConcurrency: 80,
            timeoutSeconds: 60,
            containers: [
              {
                image: IMAGE,
                env: [
                  { name: 'A', value: '1' },
                  { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: '3' } } },
                ],
                ports: [{ containerPort: 8080, name: 'http1' }],
                volumeMounts: [{ name: 'key', mountPath: '/keys' }],
              },
            ],
            volumes: [{ name: 'key', secret: { secretName: 's', items: [{ key: '2', path: 'k' }] } }],
          },
        },
        traffic: [{ latestRevision: true, percent: 100 }],
      },
    });
  });
});
