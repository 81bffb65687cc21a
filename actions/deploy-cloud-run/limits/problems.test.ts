import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Container, TaskTemplate, Template } from '../api/resources.ts';
import { foreignHost } from './image-host.ts';
import { problems, type Subject } from './problems.ts';

const SUBJECT: Subject = {
  ...{ kind: 'service', name: 'app', template: {}, description: undefined, revision: undefined },
  ...{ traffic: [], tag: undefined, isWhole: false },
};

function cures(subject: Partial<Subject>): string[] {
  return [...problems({ ...SUBJECT, ...subject })].map(({ inputs, cure }) => `${inputs[0]}: ${cure}`);
}

function limits(
  cpu: string | undefined,
  memory: string | undefined,
  more: Partial<Subject> = {},
  template = {},
) {
  const given = { ...(cpu && { cpu }), ...(memory && { memory }) };
  const containers: Container[] = [{ image: 'nginx', resources: { limits: given } }];
  return cures({ template: { containers, ...template } as Template & TaskTemplate, ...more });
}

describe('problems', () => {
  // https://cloud.google.com/run/docs/configuring/services/memory-limits, …/services/cpu and …/jobs/cpu
  it.each<[string | undefined, string | undefined, string]>([
    ['1', '4Gi', ''],
    ['1', '4.1Gi', 'memory: 1 CPU goes with 4Gi at most; write less, or cpu: 2'],
    ['1', '16Gi', 'cpu: 4'],
    ['2', '33Gi', '32Gi at most'],
    ['4', '1Gi', 'cpu: 4 CPUs go with 2Gi at least'],
    ['4000m', '2Gi', ''],
    ['8', '4Gi', ''],
    ['6', '25Gi', 'cpu: 8'],
    ['3', undefined, 'Cloud Run gives 0.08 to 1, 2, 4, 6 or 8 CPUs'],
    ['0.5', '1Gi', ''],
    ['0.4', '513Mi', 'cpu: 0.5'],
    ['0.5', '1025Mi', 'cpu: 1'],
    ['0.05', undefined, 'Cloud Run gives'],
    [undefined, '64Mi', 'an instance has at least 128Mi'],
    [undefined, '32Gi', ''],
    [undefined, 'lots', 'write an amount'],
  ])('%s CPUs with %s', (cpu, memory, cure) => {
    const said = limits(cpu, memory);
    if (cure === '') expect(said).toEqual([]);
    else expect(said.join('\n')).toContain(cure);
  });

  it('counts the defaults of a file, which is the whole', () => {
    expect(limits(undefined, '8Gi', { isWhole: true })[0]).toContain('1 CPU goes with 4Gi at most');
    expect(limits('4', undefined, { isWhole: true })[0]).toContain('memory is 512Mi');
  });

  it('knows what each generation and kind can do', () => {
    const gen2 = { executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2' };
    const gen1 = { executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN1' };
    expect(limits('1', '256Mi', {}, gen1)).toEqual([]);
    expect(limits('1', '256Mi', {}, gen2)[0]).toContain('gen2 has at least 512Mi');
    expect(limits('0.5', '512Mi', {}, gen2)[0]).toContain('less than 1 CPU needs gen1');
    expect(limits('0.5', '512Mi', {}, { maxInstanceRequestConcurrency: 80 })[0]).toContain(
      'concurrency is 1',
    );
    expect(limits(undefined, '256Mi', { kind: 'job' })[0]).toContain('a job has at least 512Mi');
    expect(limits('0.5', undefined, { kind: 'job' })[0]).toContain('1 CPU at least');
    expect(limits(undefined, undefined, { kind: 'job' }, gen1)[0]).toContain('a job runs in gen2');
  });

  it('knows what a GPU needs', () => {
    const gpu = (cpu: string, memory: string) =>
      cures({
        template: { containers: [{ resources: { limits: { cpu, memory, 'nvidia.com/gpu': '1' } } }] },
      });
    expect(gpu('4', '16Gi')).toEqual([]);
    expect(gpu('2', '8Gi')[0]).toContain('a GPU goes with 4 CPUs at least');
    expect(gpu('4', '4Gi')[0]).toContain('a GPU goes with 8Gi of memory at least');
  });

  it.each<[keyof Container, object, string]>([
    ['livenessProbe', { tcpSocket: { port: 1 } }, "it can't ask by tcpSocket"],
    ['readinessProbe', { tcpSocket: { port: 1 } }, "it can't ask by tcpSocket"],
    ['startupProbe', { tcpSocket: { port: 1 } }, ''],
    ['startupProbe', { httpGet: {}, periodSeconds: 10, failureThreshold: 24 }, ''],
    ['startupProbe', { httpGet: {}, periodSeconds: 10, failureThreshold: 25 }, '250 seconds'],
    ['startupProbe', { httpGet: {}, failureThreshold: 25 }, '250 seconds'],
    ['startupProbe', { httpGet: {}, periodSeconds: 241 }, 'periodSeconds is 1 to 240'],
    ['startupProbe', { httpGet: {}, initialDelaySeconds: 241 }, 'initialDelaySeconds is 240 at most'],
    ['livenessProbe', { httpGet: {}, periodSeconds: 3600, failureThreshold: 5 }, ''],
    ['livenessProbe', { httpGet: {}, timeoutSeconds: 11 }, 'at most periodSeconds, which is 10'],
  ])('%s %j', (field, probe, cure) => {
    const said = cures({ template: { containers: [{ [field]: probe }] } });
    if (cure === '') expect(said).toEqual([]);
    else expect(said.join('\n')).toContain(cure);
  });

  it.each<[Partial<Subject>, string]>([
    [{ name: 'a'.repeat(33), tag: 'b'.repeat(13) }, ''],
    [{ name: 'a'.repeat(34), tag: 'b'.repeat(13) }, '12 for a tag'],
    [{ name: 'a'.repeat(47), tag: 'b' }, 'none for a tag'],
    [{ name: 'a'.repeat(40), traffic: [{ tag: 'c'.repeat(7) }] }, '6 for a tag'],
    [{ revision: `app-${'b'.repeat(59)}` }, ''],
    [{ revision: `app-${'b'.repeat(60)}` }, 'it has 64 characters; the maximum is 63'],
    [{ revision: 'other-v1' }, 'it begins with app-'],
    [{ description: 'x'.repeat(512) }, ''],
    [{ description: 'x'.repeat(513) }, 'it has 513 characters; the maximum is 512'],
    [{ template: { timeout: '3600s' } }, ''],
    [{ template: { timeout: '3601s' } }, 'whole seconds, from 1 to 3600'],
    [{ template: { timeout: '0.5s' } }, 'whole seconds'],
    [{ kind: 'job', template: { timeout: '604800s' } }, ''],
  ])('%j', (subject, cure) => {
    const said = cures(subject);
    if (cure === '') expect(said).toEqual([]);
    else expect(said.join('\n')).toContain(cure);
  });

  it.each([
    ['nginx:latest', undefined],
    ['library/nginx', undefined],
    ['docker.io/library/nginx@sha256:0', undefined],
    ['gcr.io/p/i', undefined],
    ['eu.gcr.io/p/i', undefined],
    ['mirror.gcr.io/library/nginx', undefined],
    ['us-central1-docker.pkg.dev/p/r/i:v1', undefined],
    ['ghcr.io/o/i:v1', 'ghcr.io'],
    ['quay.io/o/i', 'quay.io'],
    ['public.ecr.aws/nginx/nginx', 'public.ecr.aws'],
    ['docker.n8n.io/n8nio/n8n', 'docker.n8n.io'],
    ['localhost:5000/i', 'localhost:5000'],
  ])('%s is refused for its host: %s', (image, host) => expect(foreignHost(image)).toBe(host));
});

describe('the host of an image in another universe', () => {
  const image = 'u-france-east1-docker.s3nsregistry.fr/p/r/i:v1';
  const key = (universe: string) => JSON.stringify({ type: 'service_account', universe_domain: universe });
  afterEach(() => vi.unstubAllEnvs());

  it.each<[string, string, string]>([
    ['INPUT_UNIVERSE_DOMAIN', 's3nsapis.fr', 'googleapis.com'],
    ['GOOGLE_CLOUD_UNIVERSE_DOMAIN', 's3nsapis.fr', 'googleapis.com'],
    ['CLOUDSDK_CORE_UNIVERSE_DOMAIN', 's3nsapis.fr', 'googleapis.com'],
    ['INPUT_CREDENTIALS_JSON', key('s3nsapis.fr'), key('googleapis.com')],
    ['INPUT_CREDENTIALS_JSON', Buffer.from(key('s3nsapis.fr')).toString('base64'), 'no JSON'],
  ])('is not known: %s', (name, other, own) => {
    vi.stubEnv(name, other);
    expect(foreignHost(image)).toBeUndefined();
    vi.stubEnv(name, own);
    expect(foreignHost(image)).toBe('u-france-east1-docker.s3nsregistry.fr');
  });

  it('is not known by the file of Application Default Credentials', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gangway-universe-'));
    writeFileSync(join(folder, 'key.json'), key('s3nsapis.fr'));
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(folder, 'key.json'));
    expect(foreignHost(image)).toBeUndefined();
    rmSync(folder, { recursive: true });
  });
});
