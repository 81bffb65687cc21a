import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FASTAPI, withRoute } from '../helpers/documents.ts';
import { type GatewayJob, startGatewayJob } from '../helpers/gateway-job.ts';

/** Requests are counted where operations are done at the first question; those of signing in are not among them. */
describe('the requests that are made', () => {
  let gateway: GatewayJob;
  let managedService = '';
  beforeAll(async () => {
    gateway = await startGatewayJob();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  // One of them asks, after the gateway has answered, whether it was on this run's config: nothing else says so.
  it('are 13 for all that a first deploy makes, the key with it', async () => {
    const requests = await gateway.requests(async () => {
      const { outputs } = await gateway.deploy(FASTAPI);
      managedService = outputs.managed_service ?? '';
      await gateway.job.step('create-api-key', { key_id: 'hello', services: managedService });
    });
    expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(13);
  });

  it('are 8 for a redeploy, the question for the managed service with them', async () => {
    const requests = await gateway.requests(async () => {
      const { outputs } = await gateway.deploy(withRoute('/b', 'b'));
      expect(outputs.changed).toBe('true');
      expect(outputs.managed_service).toBe(managedService);
    });
    expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(8);
    expect(requests).toContain(`GET /v1/projects/${gateway.job.project}/services/${managedService}`);
  });

  it('are 4 at most, and none of them writes, when nothing changed', async () => {
    const requests = await gateway.requests(async () => {
      const { outputs } = await gateway.deploy(withRoute('/b', 'b'));
      expect(outputs.changed).toBe('false');
      expect(outputs.managed_service).toBe(managedService);
    });
    expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(4);
    expect(requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  });

  it('turn a managed service on again that was turned off between two deploys', async () => {
    const { enabled } = gateway.job.cloud.serviceUsage;
    enabled.delete(managedService);
    await gateway.deploy(withRoute('/c', 'c'));
    expect(enabled.has(managedService)).toBe(true);
  });

  it('ask for the API where no config tells its managed service', async () => {
    for (const config of gateway.job.cloud.apiGateway.configs.values()) config.labels = {};
    const { outputs } = await gateway.deploy(withRoute('/d', 'd'));
    expect(outputs.managed_service).toBe(managedService);
  });

  it('use an API that is there, also for who may not create one', async () => {
    const { cloud } = gateway.job;
    cloud.faults.add({
      match: /^POST .*\/apis$/,
      times: 1,
      status: 403,
      body: {
        error: {
          code: 403,
          status: 'PERMISSION_DENIED',
          message: `Permission 'apigateway.apis.create' denied on 'projects/${cloud.project.id}/locations/global'`,
        },
      },
    });
    const { outputs } = await gateway.deploy(FASTAPI, { gateway: 'denied' });
    expect(outputs.managed_service).toBe(managedService);
    const { log } = await gateway.deploy(FASTAPI, { gateway: 'another' });
    expect(log).not.toContain('API hello created');
    expect(cloud.apiGateway.apis.size).toBe(1);
  });
});
