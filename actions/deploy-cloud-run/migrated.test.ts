import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionError } from '@gangway/action';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { urlsOf } from './deploy/urls.ts';
import { readInputs } from './inputs.ts';
import { wantedLabels } from './plan/labels.ts';

const { inputs: DECLARED } = parse(readFileSync(new URL('action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
};
// That table's own project, "test", is shorter than Google takes.
const IMAGE = 'us-docker.pkg.dev/cloudrun/container/hello:latest';
const SHA = 'abcdef123456';

const root = mkdtempSync(join(tmpdir(), 'gangway-migrated-'));
writeFileSync(
  join(root, 'service.yaml'),
  `apiVersion: serving.knative.dev/v1
kind: Service
metadata: { name: run-full-yaml }
spec: { template: { spec: { containers: [{ image: ${IMAGE} }] } } }
`,
);
writeFileSync(
  join(root, 'job.yaml'),
  `apiVersion: run.googleapis.com/v1
kind: Job
metadata: { name: job }
spec: { template: { spec: { template: { spec: { containers: [{ image: ${IMAGE} }] } } } } }
`,
);
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

type With = Readonly<Record<string, string>>;

function read(given: With) {
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env)) if (/^(INPUT_|ACT$)/.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv('GITHUB_WORKSPACE', root);
  vi.stubEnv('GITHUB_SHA', SHA);
  const common = { image: IMAGE, project_id: 'demo-project', region: 'us-central1' };
  const defaults = Object.entries(DECLARED).map(([name, { default: value = '' }]) => [name, value] as const);
  for (const [name, value] of Object.entries({ ...Object.fromEntries(defaults), ...common, ...given }))
    vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
  return readInputs();
}

const service = 'my-test-service';
const DEFAULTS = { 'managed-by': 'github-actions', 'commit-sha': SHA };
const secret = { secrets: { FOO: { secret: 'bar', version: 'latest' } } };

/**
 * The public table of google-github-actions/deploy-cloudrun: the inputs of a step, and what the step is told by them here,
 * or what the refusal says to write
 * (https://github.com/google-github-actions/deploy-cloudrun/blob/main/tests/unit/main.test.ts).
 */
const TABLE: readonly (readonly [string, With, object | string])[] = [
  ['a project', { service, project_id: 'my-test-project' }, { google: { projectId: 'my-test-project' } }],
  ['a region', { service, region: 'us-central1' }, { regions: ['us-central1'] }],
  ['regions', { service, region: 'us-central1,  us-east1' }, { regions: ['us-central1', 'us-east1'] }],
  ['a wrong component', { service, gcloud_component: 'wrong_value' }, 'needs no gcloud'],
  ['alpha', { service, gcloud_component: 'alpha' }, 'needs no gcloud'],
  ['beta', { service, gcloud_component: 'beta' }, 'needs no gcloud'],
  [
    'variables',
    { service, env_vars: 'FOO=BAR' },
    { settings: { env: { FOO: 'BAR' }, envStrategy: 'merge' } },
  ],
  [
    'all variables',
    { service, env_vars: 'FOO=BAR', env_vars_update_strategy: 'overwrite' },
    { settings: { env: { FOO: 'BAR' }, envStrategy: 'overwrite' } },
  ],
  ['secrets', { service, secrets: 'FOO=bar:latest' }, { settings: { ...secret, secretsStrategy: 'merge' } }],
  [
    'all secrets',
    { service, secrets: 'FOO=bar:latest', secrets_update_strategy: 'overwrite' },
    { settings: { ...secret, secretsStrategy: 'overwrite' } },
  ],
  ['labels', { service, labels: 'foo=bar,zip=zap' }, { all: { ...DEFAULTS, foo: 'bar', zip: 'zap' } }],
  [
    'no default labels',
    { service, skip_default_labels: 'true', labels: 'foo=bar,zip=zap' },
    'write labels: "{}" to have none',
  ],
  [
    'another commit',
    { service, labels: 'commit-sha=custom-value' },
    { all: { ...DEFAULTS, 'commit-sha': 'custom-value' } },
  ],
  ['sources', { service, source: 'example-app', image: '' }, 'build the image before, with build-and-push'],
  ["a service's file", { metadata: 'service.yaml', image: '' }, { kind: 'service', name: 'run-full-yaml' }],
  [
    'another service than the file',
    { metadata: 'service.yaml', service: 'not-a-match' },
    'the file names run-full-yaml',
  ],
  [
    'the service of the file',
    { metadata: 'service.yaml', service: 'run-full-yaml' },
    { name: 'run-full-yaml' },
  ],
  ["a job's file", { metadata: 'job.yaml', image: '' }, { kind: 'job', name: 'job' }],
  // It is the time for a request there; a warning says so.
  ['a timeout', { service, timeout: '55m12s' }, { timeout: 3_312_000 }],
  ['a tag', { service, tag: 'test' }, { traffic: { tag: 'test' } }],
  ['flags', { service, flags: '--arg1=1 --arg2=2' }, 'for --arg1 see the README'],
  ['shares by tag', { service, tag_traffic: 'TEST=100' }, { traffic: { split: { tags: { TEST: 100 } } } }],
  ['shares by both', { service, revision_traffic: 'TEST=100', tag_traffic: 'TEST=100' }, 'keep one of'],
  ['shares by tag of nothing', { service: '', tag_traffic: 'TEST=100' }, 'set service'],
  [
    'shares by revision',
    { service, revision_traffic: 'TEST=100' },
    { traffic: { split: { revisions: { TEST: 100 } } } },
  ],
  [
    'flags of traffic',
    { service, tag_traffic: 'test', update_traffic_flags: '--arg1=1 --arg2=2' },
    'for --arg1 see the README',
  ],
  ['shares by revision of nothing', { service: '', revision_traffic: 'TEST=100' }, 'set service'],
  ['a job and a service', { service, job: 'my-test-job' }, 'one of the two'],
  ['a job', { job: 'my-test-job' }, { kind: 'job', name: 'my-test-job', job: { execute: false } }],
  ['a job to wait for', { job: 'my-test-job', wait: 'true' }, { job: { execute: true, wait: true } }],
  ['a job not to wait for', { job: 'my-test-job', wait: 'false' }, { job: { execute: false } }],
];

describe("google-github-actions/deploy-cloudrun's public table", () => {
  it.each(TABLE)('%s: does the same, or says what to write', (_, given, expected) => {
    if (typeof expected !== 'string') {
      const inputs = read(given);
      expect({ ...inputs, all: wantedLabels(undefined, IMAGE, inputs) }).toMatchObject(expected);
      return;
    }
    const hint = (() => {
      try {
        read(given);
      } catch (error) {
        if (error instanceof ActionError) return error.hint;
        throw error;
      }
      return 'nothing was refused';
    })();
    expect(hint).toContain(expected);
  });

  // gcloud's own readings of --to-revisions and --to-tags, which that action passes on as they are.
  it.each<[With, object | string]>([
    [{ revision_traffic: 'a-1=10,LATEST=90' }, { revisions: { 'a-1': 10, LATEST: 90 } }],
    [{ revision_traffic: 'LATEST=100' }, { revisions: { LATEST: 100 } }],
    [{ revision_traffic: 'a-1=50, a-2=0' }, { revisions: { 'a-1': 50, 'a-2': 0 } }],
    [{ tag_traffic: 'green=5' }, { tags: { green: 5 } }],
    [{ revision_traffic: 'a-1=60,a-2=50' }, 'the shares add up to 110'],
    [{ revision_traffic: 'a-1=101' }, 'write NAME=PERCENT, 0 to 100'],
    [{ revision_traffic: 'a-1=-1' }, 'write NAME=PERCENT, 0 to 100'],
    [{ revision_traffic: 'a-1=1.5' }, 'write NAME=PERCENT, 0 to 100'],
    [{ revision_traffic: 'a-1=10%' }, 'write NAME=PERCENT, 0 to 100'],
    [{ revision_traffic: 'a-1' }, 'write NAME=PERCENT, 0 to 100'],
    [{ tag_traffic: 'green' }, 'write NAME=PERCENT, 0 to 100'],
    [{ revision_traffic: 'a-1=10', no_traffic: 'true' }, 'keep one of'],
  ])('%o', (given, expected) => {
    const said = (() => {
      try {
        return read({ service, ...given }).traffic.split;
      } catch (error) {
        return error instanceof ActionError ? `${error.message} ${error.hint}` : error;
      }
    })();
    if (typeof expected === 'string') expect(said).toContain(expected);
    else expect(said).toEqual(expected);
  });
});

/**
 * The answers in that action's table of outputs, with the output `url` that they give there. Here `url` is the service's,
 * whatever its tags, and `tag_url` that of the tag that the step names
 * (https://github.com/google-github-actions/deploy-cloudrun/blob/main/tests/unit/output-parser.test.ts).
 */
describe("that action's outputs", () => {
  const basic = 'test-basic-yaml-4goqgbaxqq-uc.a.run.app';
  const hello = 'hello-4goqgbaxqq-uc.a.run.app';
  const tagged = (host: string, ...tags: string[]) =>
    tags.map((tag) => ({ tag, uri: `https://${tag}---${host}` }));
  const latest = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 };

  it.each([
    [
      'a deploy',
      'action-test-cy7cdwrvha-uc.a.run.app',
      [],
      undefined,
      'https://action-test-cy7cdwrvha-uc.a.run.app',
    ],
    ['a deploy with a tag', hello, tagged(hello, 'test', 'another'), 'test', `https://test---${hello}`],
    ['traffic', basic, [], undefined, `https://${basic}`],
    // Both name the first tag there, whoever has set it.
    ['traffic beside a tag', basic, tagged(basic, 'my-tag-1'), 'my-tag-1', `https://my-tag-1---${basic}`],
    [
      'traffic beside tags',
      basic,
      tagged(basic, 'my-tag-1', 'my-tag-2', 'another-2', 'test-2', 'another-1', 'test-1'),
      'my-tag-1',
      `https://my-tag-1---${basic}`,
    ],
  ])('%s', (_, host, tags, tag, theirs) => {
    const { url, tagUrl } = urlsOf({ uri: `https://${host}`, trafficStatuses: [latest, ...tags] }, tag);
    expect(url).toBe(`https://${host}`);
    expect(tag ? tagUrl : url).toBe(theirs);
  });

  it('are empty where the answer is', () => {
    expect(urlsOf({}, 'test')).toEqual({ url: '', tagUrl: '' });
  });
});
