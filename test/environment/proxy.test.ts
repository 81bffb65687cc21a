import { createServiceAccountKey } from '@gangway/emulator';
import { find } from '@gangway/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FASTAPI } from '../helpers/documents.ts';
import { startFlyJob } from '../helpers/fly/fly-job.ts';
import { type GatewayJob, startGatewayJob } from '../helpers/gateway-job.ts';
import type { Job } from '../helpers/job.ts';
import { type CompanyProxy, startProxy } from '../helpers/proxy.ts';

// needs: openssl
// some tests need: flyctl

const UNIVERSE = 'cloud.example.com';
const SERVICES = { services: 'run.googleapis.com' };

describe.skipIf(find('openssl').length === 0)('behind a proxy (needs openssl)', () => {
  let gateway: GatewayJob;
  let job: Job;
  let proxy: CompanyProxy;
  let github: Record<string, string>;
  beforeEach(async () => {
    gateway = await startGatewayJob({ hosts: [`*.${UNIVERSE}`] });
    job = gateway.job;
    const overrides = Object.keys(job.exports).filter((name) => /^CLOUDSDK_(API|AUTH)/.test(name));
    proxy = await startProxy(job.cloud.origin, overrides, [
      'googleapis.com',
      'actions.githubusercontent.com',
      UNIVERSE,
    ]);
    github = {
      ACTIONS_ID_TOKEN_REQUEST_URL: (job.exports.ACTIONS_ID_TOKEN_REQUEST_URL ?? '').replace(
        job.cloud.origin,
        'https://pipelines.actions.githubusercontent.com',
      ),
    };
  });
  afterEach(async () => {
    await proxy[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  const hosts = () => [...new Set(proxy.asked)];
  const key = async (fields: object = {}) => {
    const file = await createServiceAccountKey(job.cloud, job.exports.GANGWAY_SERVICE_ACCOUNT ?? '');
    return JSON.stringify({ ...file, ...fields });
  };
  const behind = (env: Record<string, string> = {}) => ({ env: { ...proxy.env, ...github, ...env } });

  it('everything goes through HTTPS_PROXY: GitHub, the token services, the API', async () => {
    await job.step('enable-service', SERVICES, behind());
    expect(hosts()).toEqual([
      'pipelines.actions.githubusercontent.com:443',
      'sts.googleapis.com:443',
      'iamcredentials.googleapis.com:443',
      'serviceusage.googleapis.com:443',
    ]);
  });

  it("so do API Gateway's client and a key's OAuth server; the new gateway itself is near", async () => {
    const { outputs } = await gateway.deploy(
      FASTAPI,
      { credentials_json: await key() },
      { ...behind({ NO_PROXY: '127.0.0.1' }), signIn: false },
    );
    expect(outputs.changed).toBe('true');
    expect(hosts()).toEqual([
      'oauth2.googleapis.com:443',
      'apigateway.googleapis.com:443',
      'serviceusage.googleapis.com:443',
    ]);
  });

  it('NO_PROXY is heeded', async () => {
    const local = { CLOUDSDK_API_ENDPOINT_OVERRIDES_SERVICEUSAGE: job.cloud.origin };
    await job.step('enable-service', SERVICES, behind(local));
    expect(proxy.asked).toContain(new URL(job.cloud.origin).host);
    proxy.asked.length = 0;
    await job.step('enable-service', SERVICES, behind({ ...local, NO_PROXY: 'example.com, 127.0.0.1' }));
    expect(proxy.asked).not.toContain(new URL(job.cloud.origin).host);
    expect(proxy.asked).toContain('sts.googleapis.com:443');
  });

  describe('in another universe', () => {
    it("asks that universe's hosts, and names pools and scopes as everywhere", async () => {
      await job.step('enable-service', { ...SERVICES, universe_domain: UNIVERSE }, behind());
      expect(hosts()).toEqual([
        'pipelines.actions.githubusercontent.com:443',
        `sts.${UNIVERSE}:443`,
        `iamcredentials.${UNIVERSE}:443`,
        `serviceusage.${UNIVERSE}:443`,
      ]);
    });

    it('is found in a key, whose own signature is the token there', async () => {
      const credentials_json = await key({ universe_domain: UNIVERSE });
      await job.step('enable-service', { ...SERVICES, credentials_json }, { ...behind(), signIn: false });
      expect(hosts()).toEqual([`serviceusage.${UNIVERSE}:443`]);
    });

    it('a key of one universe is not sent to another', async () => {
      const credentials_json = await key({ universe_domain: 'elsewhere.example.com' });
      const { annotations } = await job.step(
        'enable-service',
        { ...SERVICES, credentials_json, universe_domain: UNIVERSE },
        { ...behind(), signIn: false, fails: true },
      );
      expect(annotations[0]?.message).toContain(
        `Input "universe_domain" is "${UNIVERSE}", but Input "credentials_json" belongs to the universe "elsewhere.example.com".`,
      );
      expect(proxy.asked).toEqual([]);
    });

    it('is refused when it is no domain, before any request', async () => {
      const { annotations } = await job.step(
        'enable-service',
        { ...SERVICES, universe_domain: 'https://cloud.example.com' },
        { ...behind(), fails: true },
      );
      expect(annotations[0]?.message).toContain('Input "universe_domain" is not valid');
      expect(proxy.asked).toEqual([]);
    });
  });
});

const missing = ['openssl', 'flyctl'].filter((program) => find(program).length === 0);

describe.skipIf(missing.length > 0)('a deploy to Fly.io behind a proxy (needs openssl and flyctl)', () => {
  it("goes through it: Google, both registries, Fly's APIs, the app itself and flyctl", async () => {
    await using fly = await startFlyJob();
    const { job } = fly;
    const overrides = Object.keys(job.exports).filter((name) =>
      /^(CLOUDSDK_(API|AUTH)|GANGWAY_REG)/.test(name),
    );
    await using proxy = await startProxy(job.cloud.origin, overrides, [
      'googleapis.com',
      'actions.githubusercontent.com',
      'pkg.dev',
      'machines.dev',
      'fly.io',
      'fly.dev',
    ]);
    fly.app.ips.push({
      ip: '66.241.124.1',
      type: 'shared_v4',
      region: 'global',
      service_name: '',
      shared: true,
      created_at: new Date().toISOString(),
    });
    const { outputs, log } = await fly.deploy(
      { image: await fly.push(), strategy: 'immediate' },
      {
        env: {
          ...proxy.env,
          SSL_CERT_FILE: proxy.env.NODE_EXTRA_CA_CERTS ?? '',
          NO_PROXY: '',
          ACTIONS_ID_TOKEN_REQUEST_URL: (job.exports.ACTIONS_ID_TOKEN_REQUEST_URL ?? '').replace(
            job.cloud.origin,
            'https://pipelines.actions.githubusercontent.com',
          ),
          FLY_API_BASE_URL: 'https://api.fly.io',
          FLY_UIEX_BASE_URL: 'https://api.fly.io',
          FLY_FLAPS_BASE_URL: 'https://api.machines.dev',
          FLY_REGISTRY_HOST: 'registry.fly.io',
          GANGWAY_FLY_PROXY: '',
        },
      },
    );
    expect(outputs.image).toMatch(/^registry\.fly\.io\/hello:deployment-\w+@sha256:/);
    expect(log).toMatch(/2 blobs sent/);
    expect(fly.machines().map(({ digest }) => digest)).toContain(outputs.image?.split('@')[1]);
    expect([...new Set(proxy.asked)]).toEqual(
      expect.arrayContaining(
        [
          'pipelines.actions.githubusercontent.com',
          'sts.googleapis.com',
          'iamcredentials.googleapis.com',
          'us-central1-docker.pkg.dev',
          'registry.fly.io',
          'api.machines.dev',
          'api.fly.io',
          'hello.fly.dev',
        ].map((host) => `${host}:443`),
      ),
    );
  });
});
