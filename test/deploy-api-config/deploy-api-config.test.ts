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
    expect(log).toContain('No operation of the document fits !/admin/**, so it leaves nothing out.');
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
    expect(failed.log).toContain('Done before the failure: API again created. A re-run goes on from there.');
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
