import { setTimeout as sleep } from 'node:timers/promises';
import { RUNNER_PATIENCE } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FASTAPI, withRoute } from '../helpers/documents.ts';
import { type GatewayJob, startGatewayJob } from '../helpers/gateway-job.ts';

describe('deploy-api-config, refused by Google', () => {
  let gateway: GatewayJob;
  beforeAll(async () => {
    gateway = await startGatewayJob();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const refuse = (status: number, canonical: string, message: string) =>
    gateway.job.cloud.faults.add({
      match: /^POST .*\/configs$/,
      times: 1,
      status,
      body: { error: { code: status, status: canonical, message } },
    });

  it("puts the importer's messages on the lines of the user's file", async () => {
    const document = withRoute('/late/', 'late');
    const lines = JSON.stringify(document, null, 2).split('\n');
    const at = (path: string, method: string) => {
      const start = lines.findIndex((line) => line.includes(`"${path}": {`));
      return lines.findIndex((line, index) => index > start && line.includes(`"${method}": {`)) + 1;
    };
    refuse(
      400,
      'INVALID_ARGUMENT',
      `Cannot convert to service config.\n'location: "openapi.json: Operation 'get' in path '/items/{item_id}'"\nkind: ERROR\nmessage: "Unsupported thing."\n location: "openapi.json: Operation 'get' in path '/late'"\nmessage: "Odd, but well."\n location: "unknown location"\nkind: ERROR\nmessage: "Nobody knows where."\n'`,
    );
    const { annotations } = await gateway.deploy(document, {}, { fails: true });
    const mine = annotations.filter(({ properties }) => properties.title === 'API Gateway');
    expect(mine.map(({ level, message, properties }) => [level, message, Number(properties.line)])).toEqual([
      [
        'error',
        "Unsupported thing. (Operation 'get' in path '/items/{item_id}')",
        at('/items/{item_id}', 'get'),
      ],
      ['warning', "Odd, but well. (Operation 'get' in path '/late')", at('/late/', 'get')],
      ['error', 'Nobody knows where.', 1],
    ]);
    expect(mine.every(({ properties }) => properties.file === 'openapi.json')).toBe(true);
    expect(annotations.at(-1)?.message).toMatch(
      /API Gateway refused openapi\.json: 2 errors\. .*Unsupported thing/,
    );
  });

  it('names a service account that is not there, and how to make it', async () => {
    const account = `nobody@${gateway.job.project}.iam.gserviceaccount.com`;
    const { annotations } = await gateway.deploy(
      FASTAPI,
      { gateway_service_account: account },
      { fails: true },
    );
    expect(annotations.at(-1)?.message).toContain(
      'does not exist.\nTo fix it: check gateway_service_account, or create the account: gcloud iam service-accounts create nobody --project=demo-project',
    );
  });

  it('names the permission, who lacks it, and the command that grants it', async () => {
    const { cloud, project, exports } = gateway.job;
    const account = exports.GANGWAY_SERVICE_ACCOUNT;
    const without = async (role: string) => {
      const { bindings } = cloud.iam.get(`projects/${project}`);
      cloud.iam.set(`projects/${project}`, { bindings: bindings.filter((binding) => binding.role !== role) });
      const { annotations } = await gateway.deploy(withRoute('/p', 'p'), { api: 'perms' }, { fails: true });
      cloud.iam.set(`projects/${project}`, { bindings });
      return annotations.at(-1)?.message;
    };
    expect(await without('roles/apigateway.admin')).toMatch(
      new RegExp(
        `To fix it: grant a role with the permission apigateway\\.\\w+\\.\\w+ to ${account}: gcloud projects add-iam-policy-binding ${project} --member="serviceAccount:${account}" --role=roles/apigateway\\.admin\\b`,
      ),
    );
    expect(await without('roles/iam.serviceAccountUser')).toContain(
      `gcloud iam service-accounts add-iam-policy-binding ${gateway.job.gatewayServiceAccount} --project=${project} --member="serviceAccount:${account}" --role=roles/iam.serviceAccountUser`,
    );
    expect(await without('roles/serviceusage.serviceUsageAdmin')).toContain(
      `to ${account}: gcloud projects add-iam-policy-binding ${project} --member="serviceAccount:${account}" --role=roles/serviceusage.serviceUsageAdmin`,
    );
  });

  it('does so too where a gateway may not be moved', async () => {
    const before = await gateway.deploy(FASTAPI, { api: 'fixed' });
    const name = `projects/${gateway.job.project}/locations/us-central1/gateways/fixed`;
    const message = `Permission 'apigateway.gateways.update' denied on '${name}'`;
    gateway.job.cloud.faults.add({
      match: /^PATCH .*\/gateways\/fixed$/,
      times: 1,
      status: 403,
      body: { error: { code: 403, status: 'PERMISSION_DENIED', message } },
    });
    const { annotations } = await gateway.deploy(withRoute('/f', 'f'), { api: 'fixed' }, { fails: true });
    const said = annotations.at(-1)?.message ?? '';
    expect(said).toContain(`keeps serving ${before.outputs.config}.`);
    expect(said).toMatch(/add-iam-policy-binding demo-project --member=.* --role=roles\/apigateway\.admin/);
  });

  it('says that an API is off, and waits out a quota', async () => {
    refuse(429, 'RESOURCE_EXHAUSTED', "Quota exceeded for quota metric 'Write requests'.");
    expect((await gateway.deploy(FASTAPI, { api: 'quota' })).outputs.changed).toBe('true');
    gateway.job.cloud.serviceUsage.enabled.delete('apigateway.googleapis.com');
    const { annotations } = await gateway.deploy(FASTAPI, { api: 'off' }, { fails: true });
    gateway.job.cloud.serviceUsage.enabled.add('apigateway.googleapis.com');
    expect(annotations.at(-1)?.message).toContain('gcloud services enable apigateway.googleapis.com');
  });
});

// Side by side, as they do little but wait.
describe.concurrent('deploy-api-config, waiting', () => {
  it('notices the end of an operation within two seconds', async () => {
    // Long enough for the questions to come as seldom as they ever do.
    await using gateway = await startGatewayJob({ operationTime: 6000 });
    const started = performance.now();
    const { log } = await gateway.deploy(FASTAPI, { enable_service: 'false', verify: 'false' });
    // Three operations of six seconds, the start of a process, and up to two seconds after each.
    expect(performance.now() - started).toBeLessThan(3 * (6000 + 2000) + 4000);
    expect(log).toContain('Creating the gateway hello in us-central1…');
  }, 60_000);

  it('gives up when the time is up, and goes on from there in the next run', async () => {
    await using gateway = await startGatewayJob({ operationTime: 4000 });
    const { annotations } = await gateway.deploy(FASTAPI, { timeout: '3s' }, { fails: true });
    // The one in the middle of an operation, the other between two, which a busy machine can come to.
    expect(annotations.at(-1)?.message).toMatch(
      /(took longer than [\d.]+ s; Google continues with it|The time limit was reached before .*)\.\nTo fix it: run the job again/,
    );
    const again = await gateway.deploy(FASTAPI);
    expect((await fetch(`${again.outputs.url}/`)).status).toBe(401);
    expect(again.log).not.toContain('Creating the API');
  }, 60_000);

  it('ends at once when it is cancelled, at any moment, and the next run converges', async () => {
    await using gateway = await startGatewayJob({ operationTime: 1200 });
    for (const moment of [300, 1100, 2300, 3500]) {
      const cancel = new AbortController();
      const begun = Promise.withResolvers<void>();
      const options = { fails: 'either', signal: cancel.signal, onLine: () => begun.resolve() } as const;
      // A busy machine must not end a step by a failure before it is cancelled.
      const step = gateway.deploy(FASTAPI, { verify_timeout: '60s' }, options);
      await begun.promise;
      await sleep(moment);
      const asked = performance.now();
      cancel.abort();
      const { exitCode, annotations, log } = await step;
      expect(performance.now() - asked).toBeLessThan(RUNNER_PATIENCE);
      if (exitCode === 0) continue;
      expect(exitCode, log).toBe(130);
      expect(annotations.at(-1)?.message).toContain('a re-run picks up from there');
    }
    const { outputs } = await gateway.deploy(FASTAPI);
    expect((await fetch(`${outputs.url}/`)).status).toBe(401);
    const { apis, configs, gateways } = gateway.job.cloud.apiGateway;
    expect([apis.size, configs.size, gateways.size]).toEqual([1, 1, 1]);
  }, 60_000);
});
