import { setTimeout as sleep } from 'node:timers/promises';
import { RUNNER_PATIENCE } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';

describe('enable-service', () => {
  let job: Job;
  beforeAll(async () => {
    job = await startJob();
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it('enables what is off and says so; a second run changes nothing, in one request of its own', async () => {
    const services = 'run.googleapis.com\nsecretmanager.googleapis.com, firestore.googleapis.com';
    const first = await job.step('enable-service', { services });
    expect(first.outputs).toEqual({
      enabled: 'secretmanager.googleapis.com\nfirestore.googleapis.com',
      already_enabled: 'run.googleapis.com',
    });
    expect(first.summary).toContain('2 enabled, 1 already enabled.');
    expect(first.summary).toMatch(/in all: enable/);

    const requests = await job.requests(async () => {
      const second = await job.step('enable-service', { services });
      expect(second.outputs.enabled).toBe('');
      expect(second.summary).toContain('nothing changed');
    });
    expect(requests.filter((request) => request.includes('/services'))).toHaveLength(1);
    expect(requests).toHaveLength(4); // GitHub's token, STS, the service account's token, the question
  });

  it('needs no permission to enable when all are on', async () => {
    const member = `serviceAccount:${job.exports.GANGWAY_SERVICE_ACCOUNT}`;
    await using own = await startJob();
    const policy = own.cloud.iam.get(`projects/${own.project}`);
    own.cloud.iam.set(`projects/${own.project}`, {
      bindings: policy.bindings.map(({ role, members }) => ({
        role,
        members: members.filter((other) => other !== member),
      })),
    });
    own.cloud.iam.grant(`projects/${own.project}`, 'roles/serviceusage.serviceUsageConsumer', member);
    await own.step('enable-service', { services: 'run.googleapis.com' });
    const refused = await own.step(
      'enable-service',
      { services: 'secretmanager.googleapis.com' },
      { fails: true },
    );
    expect(refused.annotations[0]?.message).toMatch(
      /PERMISSION_DENIED[\s\S]*To fix it: .*serviceusage\.services\.enable/,
    );
  });

  it('waits for the managed service of a new gateway to be known', async () => {
    const name = 'late-0abc123def456.apigateway.demo-project.cloud.goog';
    job.cloud.faults.add({
      match: new RegExp(`^POST .*/services/${name}:enable$`),
      times: 2,
      status: 403,
      body: {
        error: {
          code: 403,
          status: 'PERMISSION_DENIED',
          message: `Not found or permission denied for service(s): ${name}.`,
        },
      },
    });
    job.cloud.serviceUsage.managed.set(name, 'late');
    const { outputs, log } = await job.step('enable-service', { services: name });
    expect(outputs.enabled).toBe(name);
    expect(log).toContain('has not propagated yet');
  });

  it('enables in batches of 20, and waits for one activation after the other', async () => {
    await using own = await startJob();
    own.cloud.faults.add({
      match: /^POST .*services:batchEnable$/,
      times: 1,
      status: 400,
      body: {
        error: {
          code: 400,
          status: 'FAILED_PRECONDITION',
          message: 'Another activation or deactivation is in progress for the service(s).',
        },
      },
    });
    own.cloud.faults.add({
      match: /^POST .*services:batchEnable$/,
      times: 1,
      failed: { status: 'UNAVAILABLE', message: 'try again' },
    });
    const names = Array.from({ length: 25 }, (_, index) => `api${index}.apigateway.demo-project.cloud.goog`);
    for (const name of names) own.cloud.serviceUsage.managed.set(name, name);
    const requests = await own.requests(async () => {
      const { outputs, log } = await own.step('enable-service', { services: names.join(',') });
      expect(outputs.enabled?.split('\n')).toHaveLength(25);
      expect(log).toContain('Trying again: another activation is in progress.');
      expect(log).toContain('Trying again: Google had an internal error.');
    });
    expect(requests.filter((request) => request.includes(':batchGet'))).toHaveLength(1);
    expect(requests.filter((request) => request.includes(':batchEnable'))).toHaveLength(4);
  });

  it('does not wait for a service that will never be there', async () => {
    const managed = 'soon-0abc123def456.apigateway.demo-project.cloud.goog';
    const { annotations } = await job.step(
      'enable-service',
      { services: `${managed}\nrnu.googleapis.com` },
      { fails: true },
    );
    expect(annotations[0]?.message).toMatch(
      /Not found or permission denied for service\(s\): .*rnu\.googleapis/,
    );
    expect(annotations[0]?.message).toContain('roles/servicemanagement.serviceConsumer');
  });

  it('tries again after 503 and 429, also while signing in', async () => {
    job.cloud.faults.add({ match: /^POST \/v1\/token$/, times: 1, status: 503 });
    job.cloud.faults.add({
      match: /^GET .*\/services\//,
      times: 1,
      status: 429,
      headers: { 'retry-after': '1' },
    });
    const { outputs } = await job.step('enable-service', { services: 'run.googleapis.com' });
    expect(outputs.already_enabled).toBe('run.googleapis.com');
  });

  it.each([
    [{ services: '' }, 'Input "services" is required'],
    [{ services: 'run' }, 'Input "services" is not valid: "run"'],
    [{ services: 'run.googleapis.com', timeout: 'soon' }, 'Input "timeout" is not valid: "soon"'],
    [
      { services: 'run.googleapis.com', project_id: 'My Project' },
      'Input "project_id" is not valid: "My Project"',
    ],
    [
      {
        services: 'run.googleapis.com',
        workload_identity_provider:
          'projects/demo-project/locations/global/workloadIdentityPools/github/providers/gangway',
      },
      'use the project NUMBER',
    ],
    [{ services: 'run.googleapis.com', credentials_json: '{}' }, 'exclude each other'],
  ])('refuses %o before any request', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await job.step('enable-service', inputs, { fails: true });
      expect(annotations[0]?.message).toContain(message);
      expect(annotations[0]?.message).toContain('To fix it: ');
    });
    expect(requests).toEqual([]);
  });

  it('stops within seconds when the step is cancelled', async () => {
    const name = 'never-0abc123def456.apigateway.demo-project.cloud.goog';
    const cancel = new AbortController();
    const step = job.step('enable-service', { services: name }, { fails: true, signal: cancel.signal });
    await sleep(2500);
    const asked = performance.now();
    cancel.abort();
    const { exitCode, annotations } = await step;
    expect(exitCode).toBe(130);
    expect(annotations[0]?.message).toContain('The step was cancelled.');
    expect(performance.now() - asked).toBeLessThan(RUNNER_PATIENCE);
  });
});
