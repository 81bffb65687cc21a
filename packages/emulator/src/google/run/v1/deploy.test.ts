import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { cloudWithImage, IMAGE, SERVICES, send, whatIsMissing } from '../../../../test/run.ts';
import { type GcloudRun, gcloudRun, hasGcloud } from '../../../../test/run-gcloud.ts';
import type { RunningCloud } from '../../../cloud.ts';

// needs: gcloud

const missing = hasGcloud ? await whatIsMissing() : 'no gcloud';

describe.skipIf(missing)('gcloud run deploy', { timeout: 180_000 }, () => {
  let cloud: RunningCloud;
  let token: string;
  let client: GcloudRun;
  const gcloud = (...args: string[]) => client.run(...args);

  beforeAll(async () => {
    ({ cloud, token } = await cloudWithImage());
    client = await gcloudRun(cloud);
  });
  afterAll(async () => {
    await cloud.close();
    await client[Symbol.asyncDispose]();
  });

  it('deploys a service that answers, and a changed one after it', async () => {
    await gcloud(
      'deploy',
      'web',
      `--image=${IMAGE}:1`,
      '--allow-unauthenticated',
      '--set-env-vars=GREETING=hello',
    );
    expect(await answer()).toContain('GREETING=hello');
    await gcloud(
      'deploy',
      'web',
      `--image=${IMAGE}:1`,
      ...['--update-env-vars=GREETING=again', '--memory=256Mi', '--cpu=2', '--concurrency=7', '--timeout=42'],
      ...['--max-instances=3', '--cpu-boost', '--no-cpu-throttling', '--ingress=internal', '--labels=team=a'],
    );
    expect(await answer()).toContain('GREETING=again');
    expect(await service()).toMatchObject({
      client: 'gcloud',
      ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      labels: { team: 'a' },
      template: {
        timeout: '42s',
        maxInstanceRequestConcurrency: 7,
        scaling: { maxInstanceCount: 3 },
        containers: [
          {
            resources: { limits: { memory: '256Mi', cpu: '2' }, startupCpuBoost: true },
            env: [{ name: 'GREETING', value: 'again' }],
          },
        ],
      },
    });
    await gcloud('deploy', 'other', `--image=${IMAGE}:1`, '--no-allow-unauthenticated');
    const revisions = await gcloud('revisions', 'list', '--service=web', '--format=value(metadata.name)');
    expect(revisions.trim().split('\n')).toEqual([
      expect.stringMatching(/^web-00002-/),
      expect.stringMatching(/^web-00001-/),
    ]);
  });

  it('divides the traffic, with a tag', async () => {
    const [latest = '', first = ''] = (
      await gcloud('revisions', 'list', '--service=web', '--format=value(metadata.name)')
    ).split('\n');
    await gcloud(
      'services',
      'update-traffic',
      'web',
      `--to-revisions=${first}=90,${latest}=10`,
      `--set-tags=old=${first}`,
    );
    expect((await service()).traffic).toEqual(
      expect.arrayContaining([
        { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: first, percent: 90 },
        { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: first, tag: 'old' },
        { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: latest, percent: 10 },
      ]),
    );
    await gcloud('services', 'update-traffic', 'web', '--to-latest');
    expect(await answer()).toContain('GREETING=again');
  });

  it('takes what it has exported', async () => {
    const exported = parse(await gcloud('services', 'describe', 'web', '--format=export'));
    const before = await service();
    const file = join(client.folder, 'service.yaml');
    delete exported.spec.template.metadata.name;
    exported.spec.template.spec.containers[0].env[0].value = 'replaced';
    await writeFile(file, stringify(exported));
    await writeFile(file, stringify(exported).replace('ingress: internal', 'ingress: interal'));
    await expect(gcloud('services', 'replace', file)).rejects.toThrow(/ingress: 'interal'/);
    await writeFile(
      file,
      stringify(exported).replace('run.googleapis.com/startup', 'run.googleapis.com/stratup'),
    );
    await expect(gcloud('services', 'replace', file)).rejects.toThrow(/stratup-cpu-boost/);
    await writeFile(file, stringify(exported));
    await gcloud('services', 'replace', file, '--dry-run');
    expect(await answer()).toContain('GREETING=again');
    await gcloud('services', 'replace', file);
    expect(await answer()).toContain('GREETING=replaced');
    const after = await service();
    expect(withoutGreeting(after.template)).toEqual(withoutGreeting(before.template));
  });

  it('says why a revision does not get ready, and refuses what Cloud Run refuses', async () => {
    await expect(
      gcloud('deploy', 'web', `--image=${IMAGE}:1`, '--command=/bin/busybox', '--args=false'),
    ).rejects.toThrow(/is not ready and cannot serve traffic/);
    expect(await answer()).toContain('GREETING=replaced');
    await expect(gcloud('deploy', 'web', `--image=${IMAGE}:absent`)).rejects.toThrow(/absent/);
    await expect(gcloud('deploy', 'web', `--image=${IMAGE}:1`, '--memory=7')).rejects.toThrow(/memory/i);
  });

  it('deletes it', async () => {
    await gcloud('services', 'delete', 'web');
    await expect(gcloud('services', 'describe', 'web')).rejects.toThrow('Cannot find service [web]');
  });

  async function service(): Promise<Record<string, unknown> & { template: object; uri: string }> {
    return (await send(cloud, token, 'GET', `${SERVICES}/web`)) as never;
  }

  /** What the service says, asked as it may be by anyone. */
  async function answer(): Promise<string> {
    return (await fetch(`${(await service()).uri}/cgi-bin/echo`)).text();
  }
});

function withoutGreeting(template: object): object {
  return JSON.parse(JSON.stringify(template).replace(/"value":"\w+"/, '"value":""'));
}
