import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readInputs as readBuild } from '../../actions/build-and-push/inputs.ts';
import { readInputs as readDeploy } from '../../actions/deploy-cloud-run/inputs.ts';
import { readInputs as readServices } from '../../actions/enable-service/inputs.ts';
import { migrate } from '../../packages/cli/src/migrate/migrate.ts';
import { CASES } from '../../packages/cli/test/migrate/cases.ts';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Actions whose inputs can be read without the files that they are about. */
const READERS: Readonly<Record<string, () => unknown>> = {
  'build-and-push': readBuild,
  'deploy-cloud-run': readDeploy,
  'enable-service': readServices,
};
const ROOT = new URL('../../', import.meta.url);
const workspace = mkdtempSync(join(tmpdir(), 'gangway-migrate-inputs-'));
const before = process.cwd();

/** What expressions stand for, by a word in them. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  [/outputs\.image/, `europe-west1-docker.pkg.dev/acme-shop/apis/shop@sha256:${'a'.repeat(64)}`],
  [/WIF|WORKLOAD/, 'projects/1/locations/global/workloadIdentityPools/pool/providers/github'],
  [/\bSA\b|DEPLOYER/, 'deployer@acme-shop.iam.gserviceaccount.com'],
  [/sha\b/, '0123456789abcdef0123456789abcdef01234567'],
  [/REGION/, 'europe-west1'],
  [/PROJECT|project_id/, 'acme-shop'],
  [/NAME\b/, 'eu.gcr.io/acme-shop/api'],
  [/KEY|CREDENTIALS|PROD|STAGING/, '{"type":"service_account","project_id":"acme-shop"}'],
  [/run_number/, '7'],
];

const STEPS = CASES.flatMap(({ does, text, files }) => {
  const { text: made } = migrate(text, { has: (path) => files === undefined || files.includes(path) });
  const { env = {}, jobs } = parse(made) as {
    env?: Record<string, unknown>;
    jobs: Record<string, { steps?: Step[] }>;
  };
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  return steps.flatMap(({ uses = '', with: given = {} }) => {
    const [, action = ''] = /^gangway-dev\/gangway\/actions\/(.*)@v1$/.exec(uses) ?? [];
    return READERS[action] ? [{ does, action, given: filled(given, env) }] : [];
  });
});

describe('what the actions read of what gangway migrate writes', () => {
  beforeAll(() => {
    for (const path of ['Dockerfile', 'run/service.yaml', 'service.yaml']) file(path);
    for (const { given } of STEPS) {
      const folder = given.context ?? '.';
      file(given.file ?? `${folder}/Dockerfile`);
      file(`${folder}/main.py`);
    }
    process.chdir(workspace);
  });

  afterAll(() => {
    process.chdir(before);
    rmSync(workspace, { recursive: true });
  });

  afterEach(() => vi.unstubAllEnvs());

  it('is tried on many steps', () => expect(STEPS.length).toBeGreaterThan(50));

  it.each(STEPS)('takes the step with $action of a workflow that $does', ({ action, given }) => {
    const { inputs } = parse(readFileSync(new URL(`actions/${action}/action.yml`, ROOT), 'utf8')) as {
      inputs: Record<string, { default?: string }>;
    };
    vi.stubEnv('GITHUB_WORKSPACE', workspace);
    vi.stubEnv('GITHUB_SHA', '0123456789abcdef0123456789abcdef01234567');
    vi.stubEnv('GITHUB_REF', 'refs/heads/main');
    vi.stubEnv('GITHUB_EVENT_NAME', 'push');
    vi.stubEnv('GITHUB_REPOSITORY', 'acme/shop');
    for (const [name, { default: value = '' }] of Object.entries(inputs))
      vi.stubEnv(`INPUT_${name.toUpperCase()}`, given[name] ?? value);
    expect(() => READERS[action]?.()).not.toThrow();
  });
});

function filled(
  given: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, unknown>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      String(value).replace(/\$\{\{([\s\S]*?)\}\}/g, (_, inner: string) => {
        const [, variable = ''] = /^\s*env\.(\w+)\s*$/.exec(inner) ?? [];
        if (typeof env[variable] === 'string' && !env[variable].includes('${{')) return env[variable];
        return VALUES.find(([pattern]) => pattern.test(inner))?.[1] ?? 'shop';
      }),
    ]),
  );
}

function file(path: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), path.endsWith('.yaml') ? SERVICE : 'FROM scratch\n');
}

const SERVICE = `apiVersion: serving.knative.dev/v1
kind: Service
metadata: { name: shop }
spec: { template: { spec: { containers: [{ image: gcr.io/acme-shop/shop:1 }] } } }
`;
