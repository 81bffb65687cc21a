import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cloudWithImage,
  finished,
  IMAGE,
  JOBS,
  SERVICES,
  send,
  whatIsMissing,
} from '../../../../test/run.ts';
import type { RunningCloud } from '../../../cloud.ts';

const RUNTIME = '123456789012-compute@developer.gserviceaccount.com';
const CALLER = 'gateway@demo-project.iam.gserviceaccount.com';
const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
const missing = await whatIsMissing();

interface Shown extends Record<string, unknown> {
  uri: string;
  latestReadyRevision?: string;
  terminalCondition: { state: string; message?: string };
  trafficStatuses: { tag?: string; uri?: string; revision?: string; percent?: number }[];
}

describe.skipIf(missing)(`what Cloud Run runs${missing && ` (skipped: ${missing})`}`, () => {
  let cloud: RunningCloud;
  let token: string;

  beforeAll(async () => {
    ({ cloud, token } = await cloudWithImage());
    cloud.serviceUsage.enabled.add('secretmanager.googleapis.com');
    await secret('db-password', 'sesame');
  }, 60_000);
  afterAll(() => cloud?.close(), 30_000);

  it('reads secrets as the runtime account alone may', async () => {
    const env = [
      { name: 'PASSWORD', valueSource: { secretKeyRef: { secret: 'db-password', version: 'latest' } } },
    ];
    const refused = await change('POST', 'secretive', [{ image, env }]);
    expect(refused.error?.message).toContain(
      "Permission denied on secret: projects/123456789012/secrets/db-password/versions/latest for Revision service account 123456789012-compute@developer.gserviceaccount.com. The service account used must be granted the 'Secret Manager Secret Accessor' role",
    );
    cloud.iam.grant(
      'projects/demo-project/secrets/db-password',
      'roles/secretmanager.secretAccessor',
      `serviceAccount:${RUNTIME}`,
    );
    const volumes = [
      { name: 'keys', secret: { secret: 'db-password', items: [{ path: 'db/password', version: '1' }] } },
    ];
    const volumeMounts = [{ name: 'keys', mountPath: '/secrets' }];
    expect(
      (await change('PATCH', 'secretive', [{ image, env, volumeMounts }], { volumes })).error,
    ).toBeUndefined();
    const { uri } = await show('secretive');
    expect(await text(uri, '/cgi-bin/echo')).toMatch(/^PASSWORD=sesame$/m);
    expect(await text(uri, '/cgi-bin/cat?/secrets/db/password')).toBe('sesame');
    expect(JSON.stringify(await show('secretive'))).not.toContain('sesame');
  });

  it('runs sidecars in their order, on one network, with a folder they share', async () => {
    const main = {
      name: 'main',
      image,
      ports: [{ containerPort: 8080 }],
      dependsOn: ['helper'],
      volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
    };
    const helper = {
      name: 'helper',
      image,
      command: [
        '/bin/busybox',
        'sh',
        '-c',
        'echo hi > /shared/note; exec /bin/busybox httpd -f -p 9000 -h /www',
      ],
      startupProbe: { periodSeconds: 2, timeoutSeconds: 1, httpGet: { path: '/cgi-bin/echo', port: 9000 } },
      volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
    };
    const volumes = [{ name: 'shared', emptyDir: { medium: 'MEMORY', sizeLimit: '16Mi' } }];
    expect((await change('POST', 'pair', [main, helper], { volumes })).error).toBeUndefined();
    const { uri } = await show('pair');
    expect(await text(uri, '/cgi-bin/cat?/shared/note')).toBe('hi\n');
    expect(await text(uri, '/cgi-bin/fetch?9000')).toMatch(/^K_SERVICE=pair$/m);
    const wrong = await change('PATCH', 'pair', [{ name: 'main', image }, helper], { volumes });
    expect(wrong.error?.message).toContain('exactly one container with an exposed port');
  });

  it('starts an instance again whose liveness probe fails', async () => {
    const livenessProbe = {
      ...{ periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1 },
      httpGet: { path: '/cgi-bin/alive' },
    };
    expect((await change('POST', 'mortal', [{ image, livenessProbe }])).error).toBeUndefined();
    const { uri } = await show('mortal');
    const before = await text(uri, '/cgi-bin/uptime');
    await text(uri, '/cgi-bin/fail');
    await expect
      .poll(async () => text(uri, '/cgi-bin/uptime'), { timeout: 10_000, interval: 200 })
      .not.toBe(before);
    expect(await text(uri, '/cgi-bin/alive')).toBe('alive\n');
  }, 30_000);

  it('splits by tags and percents, at URLs of their own, and refuses what does not add up', async () => {
    await change('POST', 'split', [{ image, env: [{ name: 'V', value: '1' }] }]);
    const first = (await show('split')).latestReadyRevision?.split('/').at(-1) ?? '';
    const traffic = [
      { type: REVISION, revision: first, percent: 100 },
      { type: LATEST, tag: 'next' },
    ];
    await change('PATCH', 'split', [{ image, env: [{ name: 'V', value: '2' }] }], {}, { traffic });
    const { uri, trafficStatuses } = await show('split');
    expect(trafficStatuses).toMatchObject([{ revision: first, percent: 100 }, { tag: 'next' }]);
    const tagged = trafficStatuses[1]?.uri ?? '';
    expect(tagged).not.toBe(uri);
    expect(await text(uri, '/cgi-bin/echo')).toMatch(/^V=1$/m);
    expect(await text(tagged, '/cgi-bin/echo', uri)).toMatch(/^V=2$/m);
    const bad = { traffic: [{ type: LATEST, percent: 90 }] };
    expect(
      (await send(cloud, token, 'PATCH', `${SERVICES}/split?updateMask=traffic`, bad)).error,
    ).toMatchObject({
      message: expect.stringContaining('Traffic targets must sum to 100, got 90.'),
    });
    const all = { traffic: [{ type: LATEST, percent: 100 }] };
    const { name } = await send(cloud, token, 'PATCH', `${SERVICES}/split?updateMask=traffic`, all);
    await finished(cloud, token, String(name));
    expect(await text(uri, '/cgi-bin/echo')).toMatch(/^V=2$/m);
    await expect(fetch(tagged)).rejects.toThrow();
  });

  it('says which field it does not know', async () => {
    const { error } = await send(cloud, token, 'POST', `${SERVICES}?serviceId=odd`, {
      ingress: 'ALL',
      template: { containers: [{ image, enviroment: [] }] },
    });
    expect(error).toMatchObject({
      code: 400,
      message: `Invalid value at 'service.ingress' (type.googleapis.com/google.cloud.run.v2.IngressTraffic), "ALL"\nInvalid JSON payload received. Unknown name "enviroment" at 'service.template.containers[0]': Cannot find field.`,
    });
  });

  it('lists what containers wrote, by a filter of the logging query language', async () => {
    const command = ['/bin/busybox', 'sh', '-c', 'echo starting; echo no model >&2; exit 3'];
    const { error } = await change('POST', 'noisy', [{ image, command }]);
    expect(error?.message).toContain('Logs for this revision might contain more information.');
    const filter = `resource.type="cloud_run_revision"
      resource.labels.service_name="noisy" AND (logName:"stderr" OR logName:"nothing") NOT textPayload:"starting"`;
    const { entries } = await list({ resourceNames: ['projects/demo-project'], filter });
    expect(entries).toMatchObject([
      { textPayload: 'no model', resource: { labels: { service_name: 'noisy', location: 'us-central1' } } },
    ]);
    const bad = await list({ resourceNames: ['projects/demo-project'], filter: 'a ~ b' });
    expect(bad.error?.status).toBe('INVALID_ARGUMENT');
  });

  it('runs the tasks of a job, again where they fail, and says how it ended', async () => {
    const script = 'echo "task $CLOUD_RUN_TASK_INDEX try $CLOUD_RUN_TASK_ATTEMPT"; exit $CODE';
    const job = (code: string) => ({
      template: {
        taskCount: 2,
        template: {
          maxRetries: 1,
          containers: [
            { image, command: ['/bin/busybox', 'sh', '-c', script], env: [{ name: 'CODE', value: code }] },
          ],
        },
      },
    });
    const created = await send(cloud, token, 'POST', `${JOBS}?jobId=batch`, job('0'));
    expect((await finished(cloud, token, String(created.name))).error).toBeUndefined();
    const ran = await send(cloud, token, 'POST', `${JOBS}/batch:run`, {});
    expect(await finished(cloud, token, String(ran.name))).toMatchObject({
      response: { succeededCount: 2, conditions: [{ type: 'Completed', state: 'CONDITION_SUCCEEDED' }] },
    });
    const patched = await send(cloud, token, 'PATCH', `${JOBS}/batch`, job('7'));
    await finished(cloud, token, String(patched.name));
    const { name, metadata } = await send(cloud, token, 'POST', `${JOBS}/batch:run`, {});
    expect((await finished(cloud, token, String(name))).error).toMatchObject({
      message: expect.stringMatching(
        /^Task batch-\w+-task\d failed with message: The container exited with an error\.$/,
      ),
    });
    const execution = String((metadata as { name?: string }).name);
    const { tasks } = (await send(cloud, token, 'GET', `${execution}/tasks`)) as { tasks: unknown[] };
    expect(tasks).toMatchObject([
      { retried: 1, lastAttemptResult: { exitCode: 7 } },
      { index: 1, retried: 1, lastAttemptResult: { exitCode: 7 } },
    ]);
    const filter = `labels."run.googleapis.com/execution_name"="${execution.split('/').at(-1)}"`;
    const { entries } = await list({ resourceNames: ['projects/demo-project'], filter });
    expect(entries?.map(({ textPayload }) => textPayload).sort()).toEqual([
      'task 0 try 0',
      'task 0 try 1',
      'task 1 try 0',
      'task 1 try 1',
    ]);
  });

  it('cancels an execution, and ends what takes too long', async () => {
    const template = {
      template: {
        maxRetries: 0,
        timeout: '1s',
        // A first process ends by SIGTERM only if it says so.
        containers: [{ image, command: ['/bin/busybox', 'sh', '-c', 'trap exit TERM; sleep 60 & wait'] }],
      },
    };
    const created = await send(cloud, token, 'POST', `${JOBS}?jobId=slow`, { template });
    await finished(cloud, token, String(created.name));
    const late = await send(cloud, token, 'POST', `${JOBS}/slow:run`, {});
    expect((await finished(cloud, token, String(late.name))).error).toMatchObject({
      message: expect.stringContaining('The configured timeout was reached.'),
    });
    const overrides = { timeout: '600s' };
    const { metadata } = await send(cloud, token, 'POST', `${JOBS}/slow:run`, { overrides });
    const execution = String((metadata as { name?: string }).name);
    const cancelled = await send(cloud, token, 'POST', `${execution}:cancel`);
    expect(await finished(cloud, token, String(cancelled.name))).toMatchObject({
      response: { cancelledCount: 1, conditions: [{ message: 'Execution was cancelled.' }] },
    });
  }, 60_000);

  const image = `${IMAGE}:1`;

  async function change(
    method: 'POST' | 'PATCH',
    id: string,
    containers: unknown[],
    more: Record<string, unknown> = {},
    service: Record<string, unknown> = {},
  ): Promise<{ error?: { message: string } }> {
    const path = method === 'POST' ? `${SERVICES}?serviceId=${id}` : `${SERVICES}/${id}`;
    const begun = await send(cloud, token, method, path, { ...service, template: { ...more, containers } });
    if (begun.error) return begun as { error: { message: string } };
    const ended = await finished(cloud, token, String(begun.name));
    cloud.iam.grant(`${SERVICES}/${id}`, 'roles/run.invoker', `serviceAccount:${CALLER}`);
    return ended as { error?: { message: string } };
  }

  async function show(id: string): Promise<Shown> {
    return (await send(cloud, token, 'GET', `${SERVICES}/${id}`)) as Shown;
  }

  async function text(uri: string, path: string, audience = uri): Promise<string> {
    const authorization = `Bearer ${await cloud.contracts.idTokens.sign(CALLER, audience)}`;
    return (await fetch(`${uri}${path}`, { headers: { authorization } })).text();
  }

  async function list(
    body: unknown,
  ): Promise<{ entries?: { textPayload: string }[]; error?: { status: string } }> {
    return (await send(cloud, token, 'POST', 'entries:list', body)) as never;
  }

  async function secret(id: string, value: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    const secrets = `${cloud.origin}/v1/projects/demo-project/secrets`;
    const replication = { automatic: {} };
    await fetch(`${secrets}?secretId=${id}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ replication }),
    });
    const payload = { data: Buffer.from(value).toString('base64') };
    await fetch(`${secrets}/${id}:addVersion`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ payload }),
    });
  }
});
