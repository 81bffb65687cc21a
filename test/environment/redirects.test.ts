import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { authorizedUser, createServiceAccountKey } from '@gangway/emulator';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FASTAPI } from '../helpers/documents.ts';
import { startFlyJob } from '../helpers/fly/fly-job.ts';
import { type GatewayJob, startGatewayJob } from '../helpers/gateway-job.ts';
import { type Job, secretsOf } from '../helpers/job.ts';
import { leaksIn } from '../helpers/leaks.ts';

// some tests need: flyctl

/** Another server on this machine: another port is another place. */
interface Elsewhere extends AsyncDisposable {
  readonly origin: string;
  /** All that was sent to it, heads and bodies. */
  readonly got: string[];
}

interface Case {
  readonly what: string;
  readonly match: RegExp;
  step(gateway: GatewayJob): Promise<{ exitCode: number; log: string }>;
}

const FEDERATED = { scopes: 'devstorage.read_only' };
const failing = { fails: true } as const;
const unsigned = { ...failing, signIn: false } as const;
const key = (job: Job) => createServiceAccountKey(job.cloud, job.exports.GANGWAY_SERVICE_ACCOUNT ?? '');

const CASES: readonly Case[] = [
  {
    what: "GitHub's OIDC service",
    match: /^GET \/github\/idtoken/,
    step: ({ job }) => job.step('create-token', FEDERATED, failing),
  },
  {
    what: 'the Security Token Service',
    match: /^POST \/v1\/token$/,
    step: ({ job }) => job.step('create-token', FEDERATED, failing),
  },
  {
    what: 'the impersonation of an account',
    match: /:generateAccessToken$/,
    step: ({ job }) => job.step('create-token', FEDERATED, failing),
  },
  {
    what: "the OAuth server, asked with a user's refresh token",
    match: /^POST \/token$/,
    step: ({ job }) =>
      job.step(
        'enable-service',
        { services: 'run.googleapis.com', credentials_json: JSON.stringify(authorizedUser(job.cloud)) },
        unsigned,
      ),
  },
  {
    what: "the OAuth server, asked with a key's signature",
    match: /^POST \/token$/,
    step: async ({ job }) =>
      job.step('create-token', { ...FEDERATED, credentials_json: JSON.stringify(await key(job)) }, unsigned),
  },
  {
    what: 'an API of Google',
    match: /^GET \/v1\/projects\/[^/]+\/services/,
    step: ({ job }) => job.step('enable-service', { services: 'logging.googleapis.com' }, failing),
  },
  {
    what: 'API Gateway',
    match: /^GET .*\/gateways\//,
    step: (gateway) => gateway.deploy(FASTAPI, {}, failing),
  },
  {
    what: 'API Keys',
    match: /\/keys/,
    step: ({ job }) => job.step('create-api-key', { key_id: 'web', services: 'run.googleapis.com' }, failing),
  },
];

describe('a redirect is followed by nothing that carries credentials', () => {
  let gateway: GatewayJob;
  beforeAll(async () => {
    gateway = await startGatewayJob();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  for (const status of [302, 307]) {
    it.each(CASES)(`(${status}) of $what`, async ({ match, step }) => {
      await using elsewhere = await listen();
      const { cloud } = gateway.job;
      const location = `${elsewhere.origin}/there?code=hunter2`;
      cloud.faults.add({ match, times: 99, status, headers: { location }, body: '' });
      const { log, exitCode } = await step(gateway);
      cloud.faults.clear();
      expect(exitCode).toBe(1);
      expect(log).toContain(
        `was answered with a redirect (${status}) to ${elsewhere.origin}, which is not followed`,
      );
      expect(log).not.toContain('hunter2');
      expect(elsewhere.got).toEqual([]);
    });
  }

  it("of a credential configuration's own URL", async () => {
    await using elsewhere = await listen();
    await using source = await listen(`${elsewhere.origin}/there`);
    const { job } = gateway;
    const configuration = {
      type: 'external_account',
      audience: `//iam.googleapis.com/${job.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER}`,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
      credential_source: {
        url: `${source.origin}/token`,
        headers: { authorization: 'Bearer of-the-runner' },
      },
    };
    const inputs = { services: 'logging.googleapis.com', credentials_json: JSON.stringify(configuration) };
    const { log } = await job.step('enable-service', inputs, unsigned);
    expect(source.got[0]).toContain('of-the-runner');
    expect(log).toContain('which is not followed');
    expect(elsewhere.got).toEqual([]);
  });

  it('of a registry, but for what is read there: that is, without credentials', async () => {
    await using elsewhere = await listen();
    const { job } = gateway;
    const location = `${elsewhere.origin}/storage`;
    job.cloud.faults.add({
      match: /^HEAD .*\/manifests\//,
      times: 9,
      status: 307,
      headers: { location },
      body: '',
    });
    const image = 'us-central1-docker.pkg.dev/demo-project/images/app:v1';
    await job.step('deploy-cloud-run', { service: 'hello', region: 'us-central1', image }, failing);
    job.cloud.faults.clear();
    expect(elsewhere.got[0]).toMatch(/^HEAD \/storage/);
    expect(leaksIn(elsewhere.got.join('\n'), secretsOf(job.cloud))).toEqual([]);
    expect(elsewhere.got.join('\n')).not.toMatch(/authorization/i);
  });

  it('of GitHub', async () => {
    await using elsewhere = await listen();
    await using github = await listen(`${elsewhere.origin}/there`);
    const { workspace } = gateway;
    const event = `${workspace}/event.json`;
    await writeFile(event, JSON.stringify({ action: 'opened', pull_request: { number: 7 } }));
    const env = {
      GITHUB_API_URL: github.origin,
      GITHUB_EVENT_PATH: event,
      GITHUB_EVENT_NAME: 'pull_request_target',
      GITHUB_REPOSITORY: 'example/app',
    };
    const inputs = { api: 'dry', dry_run: 'true', github_token: 'ghs_12345678' };
    const { log } = await gateway.deploy(FASTAPI, inputs, { env, secrets: ['ghs_12345678'] });
    expect(github.got[0]).toContain('ghs_12345678');
    expect(log).toContain('No comment was written on pull request 7');
    expect(log).toContain('which is not followed');
    expect(elsewhere.got).toEqual([]);
  });
});

describe.skipIf(find('flyctl').length === 0)('a redirect of Fly.io (needs flyctl)', () => {
  it('is not followed with the Fly token', async () => {
    await using elsewhere = await listen();
    await using fly = await startFlyJob();
    const image = await fly.push();
    const location = `${elsewhere.origin}/there`;
    const match = /^GET \/v1\/apps\/hello$/;
    fly.job.cloud.faults.add({ match, times: 99, status: 307, headers: { location }, body: '' });
    const { log } = await fly.deploy({ image }, failing);
    expect(log).toContain('which is not followed');
    expect(elsewhere.got).toEqual([]);
  });
});

/** @param location where it sends everybody on; without one it answers with an empty object */
async function listen(location?: string): Promise<Elsewhere> {
  const got: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const head = `${request.method} ${request.url}\n${request.rawHeaders.join('\n')}`;
    got.push(`${head}\n\n${await text(request)}`);
    if (location) response.writeHead(307, { location }).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
