import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readInputs } from './inputs.ts';

const { inputs: DECLARED } = parse(readFileSync(new URL('action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
};

afterEach(() => vi.unstubAllEnvs());

function read(given: Readonly<Record<string, string>>) {
  for (const [name, { default: value = '' }] of Object.entries(DECLARED))
    vi.stubEnv(`INPUT_${name.toUpperCase()}`, given[name] ?? value);
  return readInputs();
}

const JOB = { job: 'batch', region: 'us-central1' };
const SERVICE = { service: 'app', region: 'us-central1' };

it.each([
  ['use_http2', 'false'],
  ['check_url', '/'],
  ['tag', 'next'],
  ['traffic', '10'],
  ['no_traffic', 'true'],
  ['revision_traffic', 'a-1=10'],
  ['tag_traffic', 'next=10'],
  ['service_min_instances', '1'],
  ['cpu_throttling', 'true'],
])('refuses %s of a job by its name', (name, value) => {
  expect(() => read({ ...JOB, [name]: value })).toThrow(`Input "${name}" does not apply to a job.`);
});

it.each([
  ['max_retries', '1'],
  ['execute', 'true'],
  ['wait', 'true'],
])('refuses %s of a service by its name', (name, value) => {
  expect(() => read({ ...SERVICE, [name]: value })).toThrow(`Input "${name}" does not apply to a service.`);
});

it.each<[Record<string, string>, string]>([
  [{ service: 'a'.repeat(50) }, '49 at most'],
  [{ service: '', job: 'a'.repeat(64) }, '63 at most'],
  [{ service: '', job: 'a', tasks: '10001' }, '10000'],
  [{ service: '', job: 'a', max_retries: '11' }, '10'],
  [{ concurrency: '1001' }, '1000'],
  [{ gpu: '0', gpu_type: 'nvidia-l4' }, 'keep one of the two'],
  [{ vpc_connector: 'none', network: 'default' }, 'network names one'],
  [{ network: 'none', subnet: 'default' }, 'subnet names one'],
  [{ vpc_connector: 'shared', network_tags: 'web' }, 'keep one of the two'],
  [{ network: 'none', network_tags: 'web' }, 'the network that is removed'],
])('refuses %j', (given, hint) => {
  expect(() => read({ ...SERVICE, ...given })).toThrow(
    expect.objectContaining({ code: 'input-invalid', hint: expect.stringContaining(hint) }),
  );
});

it('lets a check take no longer than the step', () => {
  const inputs = { ...SERVICE, check_url: '/', check_timeout: '5m', request_timeout: '60s' };
  expect(read(inputs).traffic.check?.timeout).toBe(300_000);
  expect(read({ ...inputs, timeout: '30s' }).traffic.check?.timeout).toBe(30_000);
});

it('takes a type of GPU for one GPU', () => {
  expect(read({ ...SERVICE, gpu_type: 'nvidia-l4' }).settings).toMatchObject({
    gpu: '1',
    gpuType: 'nvidia-l4',
  });
});
