import { expect, it } from 'vitest';
import { startGatewayJob } from '../helpers/gateway-job.ts';

const PROJECT = 'example.com:demo-project';

it('works in a project whose id has a domain', async () => {
  await using gateway = await startGatewayJob({ project: PROJECT });
  const { job } = gateway;
  const project_id = PROJECT;
  const token = await job.step('create-token', { project_id, audience: 'https://a.example' });
  expect(token.outputs.token).toBeTruthy();
  const services = 'secretmanager.googleapis.com';
  expect((await job.step('enable-service', { project_id, services })).outputs.enabled).toBe(services);
  const document = {
    swagger: '2.0',
    info: { title: 'hello', version: '1' },
    paths: { '/hello': { get: { operationId: 'hello', responses: { 200: { description: 'ok' } } } } },
  };
  const { outputs } = await gateway.deploy(document, { project_id, verify: 'false' });
  expect(outputs.managed_service).toBeTruthy();
  const key = { project_id, key_id: 'hello', services: outputs.managed_service ?? '' };
  expect((await job.step('create-api-key', key)).outputs.name).toContain('keys/hello');
  const service = { project_id, service: 'hello', region: 'us-central1', image: 'docker.io/library/nginx:1' };
  const { log } = await job.step('deploy-cloud-run', { ...service, dry_run: 'true' });
  expect(log).toContain('hello');
}, 60_000);
