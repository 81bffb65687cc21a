import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';

// needs: base-image
// some tests need: current-fastapi, gcloud

const run = promisify(execFile);
const EXAMPLE = fileURLToPath(new URL('../../examples/fastapi-on-cloud-run', import.meta.url));
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/apis/demand-forecast';
const SPEC_COMMAND = "python -c 'import json, main; print(json.dumps(main.app.openapi()))'";

const { GANGWAY_BASE_IMAGE: BASE = '', GANGWAY_CURRENT_BASE_IMAGE: CURRENT = '' } = process.env;
/** Where no image could be pulled the base is made of Debian's packages, whose FastAPI writes OpenAPI 3.0.2. */
const bases = [
  { name: 'the base image', openapi: BASE.startsWith('gangway/') ? '3.0.2' : '3.1.0', base: BASE },
  { name: 'the current FastAPI', openapi: '3.1.0', base: CURRENT },
];

describe.each(bases)('from a folder to a protected API, on $name', ({ openapi, base }) => {
  let job: Job;
  let workspace: Folder;
  let first: Deployed;
  beforeAll(async () => {
    job = await startJob();
    workspace = await exampleFolder();
  });
  afterAll(async () => {
    await job[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });

  it.skipIf(!base)('a key is needed and does, in either dialect', async () => {
    for (const dialect of ['openapi3', 'swagger2']) {
      const { url, key, spec } = await deploy(job, workspace.path, base, dialect);
      expect(JSON.parse(await readFile(spec, 'utf8'))).toMatchObject({ openapi });
      await expectProtected(url, key);
    }
    await job.post();
  });

  it.skipIf(!base)('a second one changes nothing', async () => {
    first = await deploy(job, workspace.path, base, 'auto');
    const writes = (
      await job.requests(() =>
        deploy(job, workspace.path, base, 'auto').then((second) =>
          expect(second).toEqual({ ...first, spec: second.spec, changed: ['false', 'false', 'false'] }),
        ),
      )
    ).filter((request) => !/^(GET|HEAD) /.test(request) && !/\/v1\/token|generateAccessToken/.test(request));
    // The base image is the engine's alone, so it is built again, for which the right to push is asked for; and Docker pushes
    // the tag again, under the digest that is there; the name that the step pushed under is taken away.
    expect(
      writes.filter(
        (request) =>
          !/^(PUT \/v2\/us-central1-docker\.pkg\.dev|DELETE .*\/tags\/gangway-run-|.*:testIamPermissions$)/.test(
            request,
          ),
      ),
    ).toEqual([]);
  });

  it.skipIf(!base || find('gcloud').length === 0)('gcloud sees what there is', async () => {
    const gcloud = async (...args: string[]) =>
      (await run('gcloud', args, { env: { ...process.env, ...job.exports } })).stdout.trim();
    const host = new URL(first.url).host;
    expect(
      await gcloud(
        'api-gateway',
        'gateways',
        'describe',
        'demand-forecast',
        '--location=us-central1',
        '--format=value(defaultHostname)',
      ),
    ).toBe(host);
    // One of each dialect.
    expect(
      await gcloud('api-gateway', 'api-configs', 'list', '--api=demand-forecast', '--format=value(state)'),
    ).toBe('ACTIVE\nACTIVE');
    expect(await gcloud('services', 'list', '--enabled', '--format=value(config.name)')).toContain(
      first.managedService,
    );
    expect(
      await gcloud(
        'artifacts',
        'docker',
        'images',
        'list',
        IMAGE.slice(0, IMAGE.lastIndexOf('/')),
        '--format=value(package,version)',
      ),
    ).toContain(`${IMAGE}\tsha256:`);
  });
});

/** Calls the example as its users do. */
async function expectProtected(url: string, key: string): Promise<void> {
  const headers = { 'x-api-key': key };
  expect((await fetch(url)).status).toBe(401);
  const wrong = { 'x-api-key': 'AIzaSyNotAKeyOfThisProjectAtAllxxxxxxxxx' };
  expect((await fetch(url, { headers: wrong })).status).toBe(400);
  const welcome = await fetch(url, { headers });
  expect(welcome.status).toBe(200);
  expect(await welcome.json()).toHaveProperty('message');
  expect((await fetch(`${url}/nowhere`, { headers })).status).toBe(404);

  const household = JSON.stringify({ floor_area: 80, occupants: 2 });
  const json = { ...headers, 'content-type': 'application/json' };
  const predicted = await fetch(`${url}/predict/`, { method: 'POST', headers: json, body: household });
  expect(predicted.status, await predicted.clone().text()).toBe(200);
  const refused = await fetch(`${url}/predict/`, { method: 'POST', headers: json, body: '{}' });
  expect(refused.status).toBe(422);

  const document = new FormData();
  document.append('file', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'readings.csv');
  const uploaded = await fetch(`${url}/documents`, { method: 'POST', headers, body: document });
  expect(uploaded.status, await uploaded.clone().text()).toBe(200);
}

interface Deployed {
  readonly url: string;
  readonly key: string;
  /** Path of the document that the image printed. */
  readonly spec: string;
  readonly managedService: string;
  readonly changed: readonly (string | undefined)[];
}

/** The steps of the public workflow, through the bundles. */
async function deploy(job: Job, workspace: string, base: string, dialect: string): Promise<Deployed> {
  const build = await job.step(
    'build-and-push',
    { image: IMAGE, build_args: `BASE=${base}`, spec_command: SPEC_COMMAND },
    { workspace },
  );
  const service = await job.step('deploy-cloud-run', {
    service: 'demand-forecast',
    region: 'us-central1',
    image: build.outputs.image ?? '',
    invokers: job.gatewayServiceAccount,
  });
  const spec = build.outputs.spec ?? '';
  const gateway = await job.step('deploy-api-config', {
    api: 'demand-forecast',
    location: 'us-central1',
    spec,
    backend: service.outputs.url ?? '',
    gateway_service_account: job.gatewayServiceAccount,
    dialect,
  });
  const managedService = gateway.outputs.managed_service ?? '';
  const key = await job.step('create-api-key', { key_id: 'first', services: managedService });
  const changed = [service, gateway, key].map(({ outputs }) => outputs.changed);
  return { url: gateway.outputs.url ?? '', key: key.outputs.key ?? '', spec, managedService, changed };
}

/** The example in a folder of its own, as a checkout of it would be. */
interface Folder extends AsyncDisposable {
  readonly path: string;
}

async function exampleFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
  await cp(EXAMPLE, path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
