import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FASTAPI, withRoute } from '../helpers/documents.ts';
import { type Job, startJob } from '../helpers/job.ts';

describe('deploy-api-config', () => {
  let job: Job;
  let backend: Server;
  let address: string;
  let workspace: string;
  let key: string;

  beforeAll(async () => {
    job = await startJob();
    workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    backend = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          path: request.url,
          authorized: request.headers.authorization?.startsWith('Bearer '),
        }),
      );
    });
    await new Promise<void>((done) => backend.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    backend.close();
    await rm(workspace, { recursive: true, force: true });
    await job[Symbol.asyncDispose]();
  });

  async function deploy(
    document: object | string,
    inputs: Record<string, string> = {},
    options: Parameters<Job['step']>[2] = {},
  ) {
    await writeFile(
      join(workspace, 'openapi.json'),
      typeof document === 'string' ? document : JSON.stringify(document, null, 2),
    );
    const given = {
      api: 'hello',
      location: 'us-central1',
      spec: 'openapi.json',
      backend: address,
      gateway_service_account: job.gatewayServiceAccount,
    };
    return job.step('deploy-api-config', { ...given, ...inputs }, { workspace, ...options });
  }

  it('makes API, config and gateway, enables the service, and the gateway answers with a key alone', async () => {
    const { outputs, summary } = await deploy(FASTAPI);
    expect(outputs.changed).toBe('true');
    expect(outputs.config).toMatch(/^hello-[0-9a-f]{16}$/);
    expect(outputs.managed_service).toMatch(/^hello-\w+\.apigateway\.demo-project\.cloud\.goog$/);
    expect(summary).toContain('| `GET /items/{item_id}` | API key |');
    // The address stands as a link, with nothing escaped in it.
    expect(summary).toContain(`at ${outputs.url}: `);

    const service = outputs.managed_service ?? '';
    key = (await job.step('create-api-key', { key_id: 'hello', services: service })).outputs.key ?? '';
    const call = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${outputs.url}${path}`, { headers });
    expect((await call('/')).status).toBe(401);
    const answer = await call('/items/3?q=x', { 'x-api-key': key });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ path: '/items/3?q=x', authorized: true });
    expect((await call('/nowhere', { 'x-api-key': key })).status).toBe(404);
  });

  it('refuses exclusions that are none, or that leave nothing out', async () => {
    for (const expose of ['! /items/**', '!GET /items', '!!/items', '!items']) {
      const { log } = await deploy(FASTAPI, { expose }, { fails: true });
      expect(log).toContain('expose');
      expect(log).toContain(expose);
    }
    const { log } = await deploy(FASTAPI, { expose: '!/admin/**' }, { fails: true });
    expect(log).toContain('No operation of the document matches !/admin/**, so it leaves nothing out.');
  });

  it('changes nothing on a second run, in four questions and no write', async () => {
    const requests = await job.requests(async () => {
      const { outputs, summary } = await deploy(FASTAPI);
      expect(outputs.changed).toBe('false');
      expect(summary).toContain('nothing changed');
    });
    const own = requests.filter((request) => !/idtoken|\/v1\/token|generateAccessToken/.test(request));
    expect(own.length).toBeLessThanOrEqual(4);
    expect(own.filter((request) => !request.startsWith('GET '))).toEqual([]);
  });

  it('moves the gateway to a new config when the document changes, and keeps its URL', async () => {
    const before = await deploy(FASTAPI);
    const after = await deploy(withRoute('/new', 'new'));
    expect(after.outputs.config).not.toBe(before.outputs.config);
    expect(after.outputs.url).toBe(before.outputs.url);
    expect((await fetch(`${after.outputs.url}/new`, { headers: { 'x-api-key': key } })).status).toBe(200);
    const back = await deploy(FASTAPI);
    expect(back.outputs.config, 'an older config is used again').toBe(before.outputs.config);
    expect((await fetch(`${back.outputs.url}/new`, { headers: { 'x-api-key': key } })).status).toBe(404);
  });

  it.each(['openapi3', 'swagger2'] as const)('serves the same routes as %s', async (dialect) => {
    const { outputs } = await deploy(FASTAPI, { dialect });
    const emitted = JSON.parse(await readFile(outputs.spec ?? '', 'utf8')) as Record<string, unknown>;
    expect(emitted[dialect === 'swagger2' ? 'swagger' : 'openapi']).toBeDefined();
    const call = (method: string, path: string) =>
      fetch(`${outputs.url}${path}`, { method, headers: { 'x-api-key': key } });
    expect((await call('GET', '/')).status).toBe(200);
    expect((await call('GET', '/items/1')).status).toBe(200);
    expect((await call('POST', '/upload')).status).toBe(200);
    expect((await call('DELETE', '/upload')).status).toBe(405);
  });

  it('sends the paths of several services to each by its prefix, behind one gateway and one key', async () => {
    const orders = await answering('orders');
    const billing = await answering('billing');
    const paths = Object.fromEntries(
      ['/orders', '/orders/{id}', '/orders/admin/report', '/ordersheet'].map((path) => [
        path,
        {
          get: {
            ...(path.includes('{') && {
              parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
            }),
            responses: { 200: { description: 'OK' } },
          },
        },
      ]),
    );
    const services = {
      api: 'shop',
      backends: `/orders=${orders.address}\n/orders/admin=${billing.address},https://billing.example.com`,
    };
    try {
      const { outputs } = await deploy({ ...FASTAPI, paths }, services);
      const own = await job.step('create-api-key', {
        key_id: 'shop',
        services: outputs.managed_service ?? '',
      });
      const who = async (path: string) => {
        const answer = await fetch(`${outputs.url}${path}`, {
          headers: { 'x-api-key': own.outputs.key ?? '' },
        });
        return answer.json();
      };
      expect(await who('/orders')).toMatchObject({
        service: 'orders',
        path: '/orders',
        audience: orders.address,
      });
      expect(await who('/orders/7?full=1')).toMatchObject({ service: 'orders', path: '/orders/7?full=1' });
      expect(await who('/orders/admin/report')).toMatchObject({
        service: 'billing',
        path: '/orders/admin/report',
        audience: 'https://billing.example.com',
      });
      // A prefix is whole segments; backend gets the rest.
      expect(await who('/ordersheet')).toEqual({ path: '/ordersheet', authorized: true });
      expect((await fetch(`${outputs.url}/orders`)).status).toBe(401);
      const again = await deploy({ ...FASTAPI, paths }, services);
      expect(again.outputs.changed).toBe('false');
    } finally {
      orders.server.close();
      billing.server.close();
    }
  });

  it('says where a redirect to the other form of a path leads past the gateway', async () => {
    // Starlette makes the address out of the Host that the request came with.
    const strict = createServer(({ url, headers }, response) => {
      response.writeHead(url?.endsWith('/') ? 200 : 307, { location: `http://${headers.host}${url}/` }).end();
    });
    await new Promise<void>((done) => strict.listen(0, '127.0.0.1', done));
    const { host } = new URL(`http://127.0.0.1:${(strict.address() as AddressInfo).port}`);
    try {
      const { annotations } = await deploy(withRoute('/plans/', 'plans'), {
        api: 'strict',
        api_key: 'false',
        backend: `http://${host}`,
      });
      const said = annotations.map(({ message }) => message);
      expect(said).toContainEqual(expect.stringContaining('GET /plans/ is served as /plans'));
      expect(said).toContainEqual(
        expect.stringContaining(`GET /plans is redirected from the gateway to http://${host}/plans/`),
      );
    } finally {
      strict.close();
    }
  });

  it('puts what API Gateway would refuse on the line it stands on, and deploys nothing', async () => {
    const document = {
      ...FASTAPI,
      paths: {
        '/files/{name}.json': { get: { operationId: 'f', responses: { 200: { description: 'OK' } } } },
      },
    };
    const requests = await job.requests(async () => {
      const { annotations } = await deploy(document, {}, { fails: true });
      const spec = annotations.find(({ properties }) => properties.file === 'openapi.json');
      expect(spec?.level).toBe('error');
      const line =
        JSON.stringify(document, null, 2)
          .split('\n')
          .findIndex((text) => text.includes('/files/{name}.json')) + 1;
      expect(Number(spec?.properties.line)).toBe(line);
      expect(annotations.at(-1)?.message).toContain("API Gateway can't serve openapi.json");
    });
    expect(requests).toEqual([]);
  });

  it('refuses a document whose security it can not keep', async () => {
    const bearer = {
      ...FASTAPI,
      security: [{ HTTPBearer: [] }],
      components: {
        ...FASTAPI.components,
        securitySchemes: { HTTPBearer: { type: 'http', scheme: 'bearer' } },
      },
    };
    const requests = await job.requests(() => deploy(bearer, {}, { fails: true }));
    expect(requests).toEqual([]);
    const { outputs } = await deploy(bearer, {
      api: 'jwt',
      jwt: 'HTTPBearer=https://issuer.example.com,https://issuer.example.com/jwks.json,hello',
    });
    const answer = await fetch(`${outputs.url}/`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ code: 401, message: 'Jwt is missing' });
  });

  it('gives API, config and gateway display names and labels, without a new config', async () => {
    const document = withRoute('/named', 'named');
    const first = await deploy(document, { api: 'named', streaming_mode: 'enabled', labels: 'team=web' });
    const named = {
      api: 'named',
      streaming_mode: 'enabled',
      labels: 'team=shop,env=prod',
      api_display_name: 'Shop',
      gateway_display_name: 'Shop in production',
    };
    const { gateways, apis, configs } = job.cloud.apiGateway;
    const of = (all: ReadonlyMap<string, { readonly labels: object }>) =>
      [...all.entries()].find(([name]) => /\/(apis|gateways)\/named(\/|$)/.test(name))?.[1];
    expect(of(gateways)).toMatchObject({ streaming: true, labels: { team: 'web' } });
    const kept = of(gateways)?.labels;

    const dry = await deploy(document, { ...named, dry_run: 'true' });
    expect(dry.log).toContain('Would set the display name and labels of the API named.');
    const { outputs } = await deploy(document, named);
    expect(outputs.config).toBe(first.outputs.config);
    expect(outputs.changed).toBe('true');
    expect(of(gateways)).toMatchObject({
      displayName: 'Shop in production',
      labels: { ...kept, team: 'shop', env: 'prod', 'created-by': 'gangway' },
    });
    expect(of(apis)).toMatchObject({
      displayName: 'Shop',
      labels: { team: 'shop', 'created-by': 'gangway' },
    });
    expect(of(configs)?.labels).toMatchObject({ team: 'shop', 'gangway-service': expect.any(String) });

    const requests = await job.requests(async () => {
      expect((await deploy(document, named)).outputs.changed).toBe('false');
    });
    const own = requests.filter((request) => !/idtoken|\/v1\/token|generateAccessToken/.test(request));
    expect(own.filter((request) => !request.startsWith('GET '))).toEqual([]);
  });

  it('refuses to stream through a gateway that was made without', async () => {
    await deploy(FASTAPI);
    const { annotations } = await deploy(FASTAPI, { streaming_mode: 'enabled' }, { fails: true });
    expect(annotations.at(-1)?.message).toContain('the gateway hello in us-central1 does not stream');
  });

  it('makes a config again that an earlier run left failed', async () => {
    job.cloud.faults.add({
      match: /^POST .*\/configs$/,
      times: 1,
      status: 400,
      body: {
        error: { code: 400, status: 'INVALID_ARGUMENT', message: 'Cannot convert to service config.' },
      },
    });
    const failed = await deploy(withRoute('/again', 'again'), { api: 'again' }, { fails: true });
    expect(failed.log).toContain(
      'Done before the failure: API again created. A re-run continues from there.',
    );
    expect(failed.annotations.at(-1)?.message).toContain('Cannot convert to service config.');
    expect((await deploy(withRoute('/again', 'again'), { api: 'again' })).outputs.changed).toBe('true');
  });

  it('tries again after a 503, and takes a create whose answer was lost for done', async () => {
    job.cloud.faults.add({ match: /^POST .*\/gateways$/, times: 1, status: 503 });
    job.cloud.faults.add({ match: /^GET .*\/operations\//, times: 2, status: 503 });
    expect((await deploy(FASTAPI, { api: 'flaky' })).outputs.changed).toBe('true');
  });

  it('names the permission that is missing', async () => {
    await using own = await startJob();
    const resource = `projects/${own.project}`;
    const { bindings } = own.cloud.iam.get(resource);
    own.cloud.iam.set(resource, {
      bindings: bindings.filter(({ role }) => role !== 'roles/apigateway.admin'),
    });
    const { annotations } = await own.step(
      'deploy-api-config',
      { api: 'hello', location: 'us-central1', spec: 'openapi.json', backend: address },
      { workspace, fails: true },
    );
    expect(annotations.at(-1)?.message).toMatch(
      /Permission 'apigateway\.\w+\.get' denied[\s\S]*To fix it: grant a role with the permission apigateway\.\w+\.get/,
    );
  });

  it.each([
    [{ api: 'Hello' }, 'Input "api" is not valid: "Hello"'],
    [{ gateway: 'a'.repeat(50) }, 'Input "gateway" is not valid'],
    [{ location: 'mars' }, 'Input "location" is not valid: "mars"'],
    [{ spec: 'nowhere.json' }, 'Input "spec" is not valid: "nowhere.json"'],
    [{ spec: 'openapi.tpl' }, 'end in .json, .yaml or .yml'],
    [{ backends: 'orders=https://orders.example.com' }, 'it must start with a slash'],
    [{ backends: '/orders https://orders.example.com' }, 'write PREFIX=URL[,AUDIENCE]'],
    [{ backends: '/orders=http://example.com' }, 'Input "backends" is not valid: "http://example.com"'],
    [{ backends: '/a=https://a.example\n/a/=https://b.example' }, 'keep one of the two'],
    [{ labels: 'gangway-config=x' }, 'are for the action itself'],
    [{ labels: 'Team=x' }, 'Input "labels" is not valid: "Team=x"'],
    [{ streaming_mode: 'on' }, 'write one of default, enabled'],
    [{ backend: 'http://example.com' }, 'Input "backend" is not valid: "http://example.com"'],
    [{ dialect: 'raml' }, 'write one of auto, openapi3, swagger2'],
    [{ jwt: 'HTTPBearer' }, 'Input "jwt" is not valid: "HTTPBearer"'],
    [{ gateway_service_account: 'gateway' }, 'Input "gateway_service_account" is not valid'],
  ])('refuses %o before any request', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await deploy(FASTAPI, inputs, { fails: true });
      expect(annotations.at(-1)?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });

  it('leaves nothing of its own in RUNNER_TEMP', () => job.post());
});

/** A service that says who it is, what it was asked for, and for whom its ID token is. */
async function answering(service: string) {
  const server = createServer((request, response) => {
    const claims = request.headers.authorization?.split('.')[1] ?? '';
    response.setHeader('content-type', 'application/json');
    const { aud } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}') as { aud?: string };
    response.end(JSON.stringify({ service, path: request.url, audience: aud }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
