import { describe, expect, it } from 'vitest';
import { FASTAPI, withRoute } from '../helpers/documents.ts';
import { type GatewayJob, startGatewayJob } from '../helpers/gateway-job.ts';

// Side by side, each with a cloud of its own: they wait most of the time.
describe.concurrent('deploy-api-config, whatever there is', () => {
  it('takes full names, slashes at the end and a backend with one for what they mean', async () => {
    await using gateway = await startGatewayJob();
    await gateway.deploy(FASTAPI, { api: 'names' });
    const { outputs } = await gateway.deploy(FASTAPI, {
      api: `projects/${gateway.job.cloud.project.number}/locations/global/apis/names/`,
      gateway: `/projects/${gateway.job.project}/locations/us-central1/gateways/names`,
      location: 'us-central1/',
      backend: `${gateway.backend}/`,
      gateway_service_account: `projects/-/serviceAccounts/${gateway.job.gatewayServiceAccount}`,
    });
    expect(outputs.changed).toBe('false');
  });

  it('waits while a config of the API is in the making, and for its own that another run makes', async () => {
    await using gateway = await startGatewayJob();
    await gateway.deploy(FASTAPI, { api: 'waits' });
    const [config] = [...gateway.job.cloud.apiGateway.configs.values()].filter(({ name }) =>
      name.includes('/apis/waits/'),
    );
    if (!config) throw new Error('no config');
    config.state = 'CREATING';
    const first = waiting();
    const made = gateway.deploy(withRoute('/more', 'more'), { api: 'waits' }, first);
    await first.seen;
    expect(statesOf(gateway, 'waits')).toEqual(['CREATING']);
    config.state = 'ACTIVE';
    expect((await made).log).toMatch(/Waiting: the config waits-[0-9a-f]+ is CREATING\./);

    const [moved] = [...gateway.job.cloud.apiGateway.gateways.values()].filter(({ name }) =>
      name.endsWith('/waits'),
    );
    config.state = 'ACTIVATING';
    const second = waiting();
    const back = gateway.deploy(FASTAPI, { api: 'waits' }, second);
    await second.seen;
    expect(moved?.apiConfig).not.toContain(config.name.split('/').at(-1));
    config.state = 'ACTIVE';
    await back;
    expect(moved?.apiConfig).toContain(config.name.split('/').at(-1));
  });

  it('fails where another deploy moves the gateway while its checks pass', async () => {
    await using gateway = await startGatewayJob();
    const { cloud } = gateway.job;
    await gateway.deploy(FASTAPI, { api: 'race' });
    const [moved] = [...cloud.apiGateway.gateways.values()];
    const { apiConfig: other = '' } = moved ?? {};
    const answered = waiting(/answers as it should/);
    cloud.faults.add({ match: /^GET .*\/gateways\/race$/, times: 20, delay: 300 });
    const late = gateway.deploy(withRoute('/more', 'more'), { api: 'race' }, { ...answered, fails: true });
    await answered.seen;
    if (moved) moved.apiConfig = other;
    const { annotations } = await late;
    expect(annotations[0]?.message).toMatch(
      /Another deploy was faster: the gateway race in us-central1 serves race-[0-9a-f]+ now, and race-[0-9a-f]+ was never/,
    );
    // Going back to what it serves already is no other.
    const standing = other.split('/').at(-1) ?? '';
    const second = [...cloud.apiGateway.configs.keys()].find((name) => !name.endsWith(standing));
    const asked = waiting(/answers as it should/);
    const back = gateway.job.step(
      'deploy-api-config',
      { api: 'race', gateway: 'race', location: 'us-central1', config: standing },
      { ...asked, fails: true },
    );
    await asked.seen;
    if (moved && second) moved.apiConfig = second;
    expect((await back).annotations[0]?.message).toMatch(/^Another deploy was faster: the gateway race/);
  });

  it('makes a FAILED API, config and gateway again', async () => {
    await using gateway = await startGatewayJob();
    const { cloud } = gateway.job;
    const unwell = { status: 'INTERNAL', message: 'backend error' } as const;
    for (const [what, state] of [
      ['apis', cloud.apiGateway.apis],
      ['configs', cloud.apiGateway.configs],
      ['gateways', cloud.apiGateway.gateways],
    ] as const) {
      cloud.faults.add({ match: new RegExp(`^POST .*/${what}$`), times: 1, failed: unwell });
      const { annotations } = await gateway.deploy(FASTAPI, { api: 'again' }, { fails: true });
      expect(annotations.at(-1)?.message).toContain('backend error');
      const left = [...state.values()].find(({ name }) => name.includes(`/${what}/again`));
      expect(left?.state).toBe('FAILED');
    }
    const { outputs } = await gateway.deploy(FASTAPI, { api: 'again' });
    expect((await fetch(`${outputs.url}/`)).status).toBe(401);
  });

  it('holds a create whose answer was lost against what is stored', async () => {
    await using gateway = await startGatewayJob();
    const { cloud } = gateway.job;
    for (const what of ['apis', 'configs', 'gateways'])
      cloud.faults.add({ match: new RegExp(`^POST .*/${what}$`), times: 1, lost: true });
    const { outputs } = await gateway.deploy(FASTAPI, { api: 'lost' });
    expect(outputs.changed).toBe('true');
    expect((await fetch(`${outputs.url}/`)).status).toBe(401);
  });

  it('refuses a config of its name that holds something else', async () => {
    await using gateway = await startGatewayJob();
    const { outputs } = await gateway.deploy(FASTAPI, { api: 'other' });
    await gateway.deploy(withRoute('/x', 'x'), { api: 'other' });
    const config = [...gateway.job.cloud.apiGateway.configs.values()].find(({ name }) =>
      name.endsWith(outputs.config ?? '-'),
    );
    const contents = Buffer.from('{"openapi":"3.0.0","paths":{}}').toString('base64');
    Object.assign(config ?? {}, { openapiDocuments: [{ document: { path: 'openapi.json', contents } }] });
    const { annotations } = await gateway.deploy(FASTAPI, { api: 'other' }, { fails: true });
    expect(annotations.at(-1)?.message).toMatch(
      /There is a config other-\w+ already, and it holds another document\.\nTo fix it: .*gcloud api-gateway api-configs delete other-/,
    );
  });

  it('leaves the old config serving when an update fails, and says so', async () => {
    await using gateway = await startGatewayJob();
    const before = await gateway.deploy(FASTAPI, { api: 'stays' });
    gateway.job.cloud.faults.add({
      match: /^PATCH .*\/gateways\/stays$/,
      times: 1,
      failed: { status: 'UNAVAILABLE', message: 'no capacity' },
    });
    const failed = await gateway.deploy(withRoute('/new', 'new'), { api: 'stays' }, { fails: true });
    expect(failed.annotations.at(-1)?.message).toContain(
      `no capacity. The gateway stays in us-central1 keeps serving ${before.outputs.config}.`,
    );
    expect((await fetch(`${before.outputs.url}/new`)).status).toBe(404);
    const { outputs } = await gateway.deploy(withRoute('/new', 'new'), { api: 'stays' });
    expect((await fetch(`${outputs.url}/new`)).status).toBe(401);
  });

  it('serves several regions, one after the other, and names the regions there are', async () => {
    await using gateway = await startGatewayJob();
    const { outputs } = await gateway.deploy(FASTAPI, { api: 'wide', location: 'us-central1, europe-west1' });
    const urls = (outputs.urls ?? '').split('\n');
    expect(urls).toHaveLength(2);
    for (const url of urls) expect((await fetch(`${url}/`)).status).toBe(401);
    const requests = await gateway.requests(async () => {
      const { annotations } = await gateway.deploy(
        FASTAPI,
        { api: 'far', location: 'europe-west9' },
        { fails: true },
      );
      expect(annotations.at(-1)?.message).toMatch(
        /API Gateway is not offered in europe-west9\.\nTo fix it: set location to one of asia-northeast1, .*us-west4/,
      );
    });
    expect(requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  });
});

describe.concurrent('two deploys at once', () => {
  it('both end well: their configs are made one after the other', { timeout: 120_000 }, async () => {
    await using gateway = await startGatewayJob({ operationTime: 1500 });
    await gateway.deploy(FASTAPI, { api: 'both' });
    // Both have asked for the configs by the time one of them may create its own.
    gateway.job.cloud.faults.add({ match: /^POST .*\/configs$/, times: 2, delay: 1500 });
    const step = (name: string) =>
      gateway.deploy(withRoute(`/${name}`, name), { api: 'both', gateway: name, spec: `${name}.json` });
    const [one, two] = await Promise.all([step('one'), step('two')]);
    expect(`${one.log}${two.log}`).toMatch(/was being created at the same time|Waiting: the config/);
    expect((await fetch(`${one.outputs.url}/one`)).status).toBe(401);
    expect((await fetch(`${two.outputs.url}/two`)).status).toBe(401);
    const states = [...gateway.job.cloud.apiGateway.configs.values()].map(({ state }) => state);
    expect(states).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  it('the same document on the same gateway is made once', { timeout: 120_000 }, async () => {
    await using gateway = await startGatewayJob({ operationTime: 1000 });
    const [one, two] = await Promise.all([gateway.deploy(FASTAPI), gateway.deploy(FASTAPI)]);
    expect(one.outputs.config).toBe(two.outputs.config);
    expect(one.outputs.url).toBe(two.outputs.url);
    const { apis, configs, gateways } = gateway.job.cloud.apiGateway;
    expect([apis.size, configs.size, gateways.size]).toEqual([1, 1, 1]);
  });
});

function statesOf({ job }: GatewayJob, api: string): string[] {
  return [...job.cloud.apiGateway.configs.values()]
    .filter(({ name }) => name.includes(`/apis/${api}/`))
    .map(({ state }) => state);
}

/** Tells when a step says that it waits. */
function waiting(pattern = /^Waiting: /) {
  const { promise: seen, resolve } = Promise.withResolvers<void>();
  return { seen, onLine: (line: string) => pattern.test(line) && resolve() };
}
