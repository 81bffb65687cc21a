import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { IMAGE, owner, workspace } from '../helpers/run-job.ts';

const HOME = 'v2/projects/demo-project/locations/us-central1';
const image = `${IMAGE}:v1`;
const service = { service: 'app', region: 'us-central1', image };
const job = { job: 'batch', region: 'us-central1', image };

/** A container of the API v2, as the local cloud is asked for it. */
function container(more: object = {}) {
  return { image, ...more };
}

function limits(cpu: string, memory: string) {
  return { resources: { limits: { cpu, memory }, cpuIdle: true } };
}

describe('what Cloud Run would refuse', () => {
  let step: Job;
  beforeAll(async () => {
    step = await startJob();
  });
  afterAll(() => step[Symbol.asyncDispose]());

  const long = 'a'.repeat(40);
  /** Inputs, what the action says before any request, and the same as a request, which the local cloud refuses too. */
  it.each<[object, string, string, object | undefined]>([
    [
      { ...service, liveness_probe: 'tcpSocket.port=8080' },
      'Input "liveness_probe" is not valid: "tcpSocket.port=8080".',
      "it can't ask by tcpSocket; write httpGet.path=/healthz or grpc.service=NAME",
      { template: { containers: [container({ livenessProbe: { tcpSocket: { port: 8080 } } })] } },
    ],
    [
      { ...service, readiness_probe: 'tcpSocket.port=8080' },
      'Input "readiness_probe" is not valid',
      "it can't ask by tcpSocket",
      { template: { containers: [container({ readinessProbe: { tcpSocket: { port: 8080 } } })] } },
    ],
    [
      { ...service, startup_probe: 'httpGet.path=/,periodSeconds=30,failureThreshold=9' },
      'Input "startup_probe" is not valid',
      '270 seconds, and Cloud Run waits 240 at most',
      {
        template: {
          containers: [container({ startupProbe: { httpGet: {}, periodSeconds: 30, failureThreshold: 9 } })],
        },
      },
    ],
    [
      { ...service, memory: '8Gi', cpu: '1' },
      'Input "memory" is not valid: "8Gi".',
      '1 CPU goes with 4Gi at most; write less, or cpu: 2',
      { template: { containers: [container(limits('1', '8Gi'))] } },
    ],
    [
      { ...service, memory: '1Gi', cpu: '4' },
      'Input "cpu" is not valid: "4".',
      'write memory: 2Gi or more',
      { template: { containers: [container(limits('4', '1Gi'))] } },
    ],
    [
      { ...service, memory: '256Mi', execution_environment: 'gen2' },
      'Input "memory" is not valid: "256Mi".',
      'an instance of gen2 has at least 512Mi',
      {
        template: {
          executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
          containers: [container(limits('1', '256Mi'))],
        },
      },
    ],
    [
      { ...service, cpu: '0.5', concurrency: '80' },
      'Input "cpu" is not valid: "0.5".',
      'with less than 1 CPU, concurrency is 1 at most',
      { template: { maxInstanceRequestConcurrency: 80, containers: [container(limits('0.5', '512Mi'))] } },
    ],
    [
      { ...service, cpu: '0.5', cpu_throttling: 'false' },
      'Input "cpu" is not valid: "0.5".',
      'write cpu_throttling: true, or cpu: 1',
      {
        template: {
          maxInstanceRequestConcurrency: 1,
          containers: [container({ resources: { limits: { cpu: '500m' }, cpuIdle: false } })],
        },
      },
    ],
    [
      { ...job, memory: '256Mi' },
      'Input "memory" is not valid: "256Mi".',
      'a job has at least 512Mi',
      { template: { template: { containers: [container(limits('1', '256Mi'))] } } },
    ],
    [
      { ...job, execution_environment: 'gen1' },
      'Input "execution_environment" is not valid: "gen1".',
      'a job runs in gen2',
      {
        template: {
          template: { executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN1', containers: [container()] },
        },
      },
    ],
    [
      { ...service, service: long, tag: 'preview' },
      'Input "tag" is not valid: "preview".',
      `46 characters together; ${long} leaves 6 for a tag`,
      undefined,
    ],
    [
      { ...service, service: long, suffix: 'b'.repeat(23) },
      `Input "suffix" is not valid: "${'b'.repeat(23)}".`,
      'it has 64 characters; the maximum is 63',
      { template: { revision: `app-${'b'.repeat(60)}`, containers: [container()] } },
    ],
    [
      { ...service, image: 'ghcr.io/owner/app:v1' },
      'Input "image" is not valid: "ghcr.io/owner/app:v1".',
      "Cloud Run can't pull from ghcr.io",
      { template: { containers: [{ image: 'ghcr.io/owner/app:v1' }] } },
    ],
    [
      { ...service, image: 'quay.io/owner/app' },
      'Input "image" is not valid: "quay.io/owner/app".',
      "Cloud Run can't pull from quay.io",
      { template: { containers: [{ image: 'quay.io/owner/app' }] } },
    ],
    [
      { ...service, description: 'x'.repeat(513) },
      'Input "description" is not valid',
      'it has 513 characters; the maximum is 512',
      { description: 'x'.repeat(513), template: { containers: [container()] } },
    ],
    [
      { ...service, request_timeout: '2h' },
      'Input "request_timeout" is not valid: "2h".',
      'write whole seconds, from 1 to 3600',
      { template: { timeout: '7200s', containers: [container()] } },
    ],
  ])('%j is refused before a request, and by the local cloud', async (inputs, message, cure, body) => {
    const requests = await step.requests(async () => {
      const { annotations } = await step.step('deploy-cloud-run', inputs as Record<string, string>, {
        fails: true,
      });
      expect(annotations[0]?.message).toContain(message);
      expect(annotations[0]?.message).toContain(cure);
    });
    expect(requests).toEqual([]);
    if (!body) return;
    const kind = 'job' in inputs ? 'job' : 'service';
    const name = kind === 'job' ? 'batch' : 'app';
    const answer = await owner(step, 'POST', `${HOME}/${kind}s?${kind}Id=${name}`, body);
    expect(answer).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
  });

  it.each([
    [
      '        livenessProbe: { tcpSocket: { port: 8080 } }',
      'service.yaml:11 (spec.template.spec.containers[0].livenessProbe): "tcpSocket.port=8080" can\'t be used.',
    ],
    [
      '        resources: { limits: { memory: 8Gi } }',
      'service.yaml:11 (spec.template.spec.containers[0].resources.limits.memory)',
    ],
    ['      timeoutSeconds: 3601', 'service.yaml:11 (spec.template.spec.timeoutSeconds)'],
  ])('a file with %j is refused with its line', async (line, message) => {
    const text = `apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: app
spec:
  template:
    metadata: {}
    spec:
      containers:
      - image: ${image}
${line}
`;
    await using folder = await workspace({ 'service.yaml': text });
    const requests = await step.requests(async () => {
      const { annotations } = await step.step(
        'deploy-cloud-run',
        { region: 'us-central1', metadata: 'service.yaml' },
        { fails: true, workspace: folder.path },
      );
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });
});
