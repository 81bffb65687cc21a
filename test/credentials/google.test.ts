import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { authorizedUser, createServiceAccountKey, githubRequestToken } from '@gangway/emulator';
import { find } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';

// some tests need: gcloud

const run = promisify(execFile);
const GUIDE = await readFile(fileURLToPath(new URL('../../docs/credentials.md', import.meta.url)), 'utf8');
const HAS_GCLOUD = find('gcloud').length > 0;
const CI = 'deployer@demo-project.iam.gserviceaccount.com';
const ACCOUNT = `projects/demo-project/serviceAccounts/${CI}`;
const POOL = 'projects/123456789012/locations/global/workloadIdentityPools/github';
const PROVIDER = `${POOL}/providers/gangway`;
const AT_POOL = '--project=123456789012 --location=global --workload-identity-pool=github';
const NO_FEDERATION = { workload_identity_provider: '', service_account: '' };

interface Refusal {
  /** The error's code, which docs/credentials.md lists. */
  readonly code: string;
  readonly name?: string;
  /** Makes the cloud refuse; gives what the step gets beside the usual. */
  readonly given: (job: Job) => Promise<Given> | Given;
  readonly clock?: { now(): number; wait(): Promise<void> };
  readonly says: RegExp;
  /** Text of the hint, as it is. */
  readonly cure: string;
}

interface Given {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

function provider(job: Job, changes: object): void {
  const { pools } = job.cloud.iamAdmin;
  pools.add({ ...pools.get(PROVIDER), ...changes });
}

function from(job: Job, claims: Record<string, string>): Given {
  return { env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: githubRequestToken(job.cloud, claims) } };
}

async function withKey(job: Job): Promise<Given> {
  const key = await createServiceAccountKey(job.cloud, CI);
  return { inputs: { ...NO_FEDERATION, credentials_json: JSON.stringify(key) } };
}

async function event(job: Job, name: string, body: object, actor = 'octocat'): Promise<Given> {
  const path = join(job.temp, '..', 'event.json');
  await writeFile(path, JSON.stringify(body));
  const env = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_ACTOR: actor };
  return { env: { ...env, ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' } };
}

const NO_DEFAULTS = { METADATA_SERVER_DETECTION: 'none' };

const REFUSALS: readonly Refusal[] = [
  {
    code: 'oidc-unavailable',
    given: () => ({ env: { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' } }),
    says: /cannot ask GitHub for an OIDC token.*lack "id-token: write"/,
    cure: '\n  permissions:\n    contents: read\n    id-token: write',
  },
  {
    code: 'oidc-refused',
    given: () => ({ env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a.b.c' } }),
    says: /GitHub refuses this job an OIDC token \(HTTP 401\)/,
    cure: 'run the job again',
  },
  {
    code: 'fork-pull-request',
    given: (job) =>
      event(job, 'pull_request', { pull_request: { head: { repo: { full_name: 'mallory/app' } } } }),
    says: /pull request from a fork \(mallory\/app\): GitHub gives it no secrets and no OIDC token/,
    cure: 'if: github.event.pull_request.head.repo.full_name == github.repository',
  },
  {
    code: 'fork-pull-request',
    name: 'fork-pull-request, with a key in a secret',
    given: async (job) => {
      const { env } = await event(job, 'pull_request', {
        pull_request: { head: { repo: { full_name: 'mallory/app' } } },
      });
      return { inputs: { ...NO_FEDERATION, credentials_json: '' }, env: { ...env, ...NO_DEFAULTS } };
    },
    says: /"workload_identity_provider" and "credentials_json" are both empty.*from a fork \(mallory\/app\)/,
    cure: 'if: github.event.pull_request.head.repo.full_name == github.repository',
  },
  {
    code: 'dependabot',
    given: (job) => event(job, 'push', {}, 'dependabot[bot]'),
    says: /Dependabot started this run/,
    cure: "if: github.actor != 'dependabot[bot]'",
  },
  {
    code: 'no-credentials',
    given: () => ({ inputs: NO_FEDERATION, env: NO_DEFAULTS }),
    says: /"workload_identity_provider" and "credentials_json" are both empty/,
    cure: 'misspelled, it belongs to an environment that the job does not name',
  },
  {
    code: 'input-conflict',
    given: () => ({ inputs: { workload_identity_provider: '' } }),
    says: /Input "service_account" is "deployer@.*", but "workload_identity_provider" is empty/,
    cure: 'that one is empty here',
  },
  {
    code: 'credentials-json',
    given: () => ({ inputs: { ...NO_FEDERATION, credentials_json: 'hunter2 hunter2' } }),
    says: /^(?![\s\S]*hunter2)Input "credentials_json" is not JSON/,
    cure: 'paste the file as it is, or in base64',
  },
  {
    code: 'credentials-file',
    given: () => ({
      inputs: NO_FEDERATION,
      env: { GOOGLE_APPLICATION_CREDENTIALS: '/gone/gha-creds-1.json' },
    }),
    says: /GOOGLE_APPLICATION_CREDENTIALS names \/gone\/gha-creds-1\.json, which can't be read/,
    cure: 'put actions/checkout before that step',
  },
  {
    code: 'audience',
    given: (job) => provider(job, { allowedAudiences: ['https://example.com/deploy'] }) ?? {},
    says: /does not match the expected audience https:\/\/example\.com\/deploy/,
    cure: `gcloud iam workload-identity-pools providers update-oidc gangway ${AT_POOL} --allowed-audiences=https://iam.googleapis.com/${PROVIDER}`,
  },
  {
    code: 'provider-not-found',
    given: () => ({
      inputs: { workload_identity_provider: PROVIDER.replace('123456789012', '999999999999') },
    }),
    says: /project number 999999999999 has no workload identity pool "github" with a provider "gangway"/,
    cure: 'gcloud iam workload-identity-pools providers list --project=999999999999 --location=global --workload-identity-pool=github',
  },
  {
    code: 'provider-not-found',
    name: 'provider-not-found, when it is disabled',
    given: (job) => provider(job, { disabled: true }) ?? {},
    says: /or one of them is disabled or deleted/,
    cure: `providers list ${AT_POOL} --format='table(name,state,disabled)'`,
  },
  {
    code: 'input-invalid',
    name: 'input-invalid: project id instead of number',
    given: () => ({
      inputs: { workload_identity_provider: PROVIDER.replace('123456789012', 'demo-project') },
    }),
    says: /Input "workload_identity_provider" is not valid/,
    cure: 'use the project NUMBER, not its id',
  },
  {
    code: 'attribute-condition',
    given: (job) => from(job, { repository: 'mallory/app', environment: 'production' }),
    says: /GitHub's token says of it:\n {2}sub: repo:mallory\/app:environment:production\n[\s\S]* {2}repository_owner: mallory\n[\s\S]* {2}ref: refs\/heads\/main\n/,
    cure: `gcloud iam workload-identity-pools providers describe gangway ${AT_POOL} --format='value(attributeCondition)'`,
  },
  {
    code: 'attribute-mapping',
    given: (job) => provider(job, { attributeMapping: { 'google.subject': 'assertion.nothing' } }) ?? {},
    says: /the attribute mapping of the provider does not fit GitHub's token, which says:\n {2}sub: repo:example/,
    cure: `providers describe gangway ${AT_POOL} --format='yaml(attributeMapping)'`,
  },
  {
    code: 'issuer',
    given: (job) => provider(job, { issuer: 'https://gitlab.example.com' }) ?? {},
    says: /not one for tokens of https:\/\/token\.actions\.githubusercontent\.com/,
    cure: '--issuer-uri=https://token.actions.githubusercontent.com',
  },
  {
    code: 'impersonation-denied',
    given: (job) => from(job, { repository: 'example/other' }),
    says: new RegExp(
      `principal://iam\\.googleapis\\.com/${POOL}/subject/repo:example/other:ref:refs/heads/main may not act as ${CI}`,
    ),
    cure: `gcloud iam service-accounts add-iam-policy-binding ${CI} --project=demo-project --role=roles/iam.workloadIdentityUser --member='principalSet://iam.googleapis.com/${POOL}/attribute.repository/example/other'`,
  },
  {
    code: 'service-account-missing',
    given: ({ cloud }) => {
      const jobs = `principalSet://iam.googleapis.com/${POOL}/*`;
      cloud.iam.grant('projects/demo-project', 'roles/iam.workloadIdentityUser', jobs);
      return { inputs: { service_account: 'nobody@demo-project.iam.gserviceaccount.com' } };
    },
    says: /there is no service account nobody@demo-project/,
    cure: 'gcloud iam service-accounts list --project=demo-project',
  },
  {
    code: 'service-account-disabled',
    given: ({ cloud }) => {
      cloud.iamAdmin.accounts.get(CI).disabled = true;
      return {};
    },
    says: /the service account deployer@\S+ is disabled/,
    cure: `gcloud iam service-accounts enable ${CI} --project=demo-project`,
  },
  {
    code: 'service-account-disabled',
    name: 'service-account-disabled, with its key',
    given: async (job) => {
      job.cloud.iamAdmin.accounts.get(CI).disabled = true;
      return withKey(job);
    },
    says: /the service account deployer@\S+ is disabled/,
    cure: `gcloud iam service-accounts enable ${CI} --project=demo-project`,
  },
  {
    code: 'key-refused',
    given: async (job) => {
      const given = await withKey(job);
      job.cloud.iamAdmin.accounts.get(CI).keys.splice(0);
      return given;
    },
    says: /the key [0-9a-f]{40} of deployer@\S+ is not, or no longer, one of its keys/,
    cure: `gcloud iam service-accounts keys list --iam-account=${CI}`,
  },
  {
    code: 'clock-skew',
    clock: { now: () => Date.now() + 7_200_000, wait: async () => {} },
    given: withKey,
    says: /refused for its time\. This runner's clock is 7\d{3} seconds behind Google's/,
    cure: 'correct the clock of this runner',
  },
  {
    code: 'refresh-refused',
    given: ({ cloud }) => ({
      inputs: {
        ...NO_FEDERATION,
        credentials_json: JSON.stringify({ ...authorizedUser(cloud), refresh_token: '1//revoked-long-ago' }),
      },
    }),
    says: /refresh token or its OAuth client is no longer good/,
    cure: 'gcloud auth application-default login',
  },
  {
    code: 'api-disabled',
    given: ({ cloud }) => {
      cloud.serviceUsage.enabled.delete('iamcredentials.googleapis.com');
      return {};
    },
    says: /an API that signing in needs is off/,
    cure: 'gcloud services enable sts.googleapis.com iamcredentials.googleapis.com --project=123456789012',
  },
];

describe('an explained refusal', () => {
  it.each(REFUSALS.map((refusal) => [refusal.name ?? refusal.code, refusal] as const))(
    '%s',
    async (_, { code, given, clock, says, cure }) => {
      await using job = await startJob(clock ? { clock } : {});
      const { inputs = {}, env = {} } = await given(job);
      const { annotations } = await job.step(
        'enable-service',
        { services: 'run.googleapis.com', ...inputs },
        { fails: true, env: { GANGWAY_GRANT_TIMEOUT: '0', ...env }, secrets: secretsIn(inputs) },
      );
      expect(annotations).toHaveLength(1);
      const [message = '', hint = ''] = annotations[0]?.message.split('\nTo fix it: ') ?? [];
      expect(message).toMatch(says);
      expect(hint).toContain(cure);
      expect(`${message}${hint}`).not.toMatch(/undefined|\[object/);
      expect(GUIDE, 'docs/credentials.md').toContain(`\`${code}\``);
    },
  );

  it.skipIf(!HAS_GCLOUD)('of an impersonation is mended by the command that it shows', async () => {
    await using job = await startJob();
    const { env = {} } = from(job, { repository: 'example/other' });
    const options = { env: { GANGWAY_GRANT_TIMEOUT: '0', ...env } };
    const services = { services: 'run.googleapis.com' };
    const refused = await job.step('enable-service', services, { ...options, fails: true });
    const command = /^ {2}(gcloud .*)$/m.exec(refused.annotations[0]?.message ?? '')?.[1] ?? '';
    await run('/bin/sh', ['-c', command], { env: { ...process.env, ...job.exports } });
    expect((await job.step('enable-service', services, options)).outputs.already_enabled).toBe(
      'run.googleapis.com',
    );
  });

  it('of an impersonation comes after a while only, in which the grant may arrive', async () => {
    await using job = await startJob();
    const { bindings } = job.cloud.iam.get(ACCOUNT);
    job.cloud.iam.set(ACCOUNT, { bindings: [] });
    const { log } = await job.step(
      'enable-service',
      { services: 'run.googleapis.com' },
      {
        onLine(line) {
          if (line.includes('Trying again')) job.cloud.iam.set(ACCOUNT, { bindings });
        },
      },
    );
    expect(log).toMatch(/Trying again in [\d.]+ s: No access token for deployer@/);
  });
});

it('says which credentials are in use, and which are not', async () => {
  await using job = await startJob();
  const folder = await mkdtemp(join(tmpdir(), 'gangway-adc-'));
  const file = join(folder, 'gha-creds-1.json');
  await writeFile(file, JSON.stringify(authorizedUser(job.cloud)));
  const env = { GOOGLE_APPLICATION_CREDENTIALS: file };
  const services = { services: 'run.googleapis.com' };
  const federated = await job.step('enable-service', services, { env });
  expect(federated.log).toContain(`Project demo-project, as ${CI} through Workload Identity Federation`);
  expect(federated.log).toContain(`GOOGLE_APPLICATION_CREDENTIALS (${file}) is not used.`);
  const user = await job.step('enable-service', { ...services, ...NO_FEDERATION }, { env });
  expect(user.log).toContain(`as authorized user (GOOGLE_APPLICATION_CREDENTIALS ${file})`);
  await rm(folder, { recursive: true });
});

/** What a credential configuration holds that must not show. */
function secretsIn({ credentials_json: text = '' }: Readonly<Record<string, string>>): string[] {
  if (!text.startsWith('{')) return [];
  const { private_key, client_secret, refresh_token } = JSON.parse(text) as Record<string, string>;
  return [private_key, client_secret, refresh_token].filter((secret) => secret !== undefined);
}
