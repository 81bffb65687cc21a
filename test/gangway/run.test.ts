import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baseImage, type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// needs: base-image, act
// takes minutes

const GANGWAY = fileURLToPath(new URL('../../dist/gangway/index.js', import.meta.url));
const BASE = 'gangway-stranger/python:3.12-slim';
const [act] = find('act');

describe.runIf(act)('gangway run in a repository that is not ours', () => {
  const root = mkdtempSync(join(tmpdir(), 'gangway-run-'));
  const env = { ...process.env, XDG_STATE_HOME: join(root, 'state') };
  let engine: Engine;

  beforeAll(async () => {
    engine = await startEngine();
    docker('tag', await baseImage(engine), BASE);
  });

  afterAll(async () => {
    for (const name of ['warm', 'shared', 'left', 'right', 'plain', 'broken'])
      if (folders.has(name)) gangway(folders.get(name) ?? '', 'down');
    docker('rmi', BASE);
    await engine?.stop();
    rmSync(root, { recursive: true });
  });

  it('goes from git init to two answering gateways in under a minute, once the images are built', async () => {
    // Warm: the folder's local cloud runs and has the base image; the repository is new.
    expect(gangway(repository('warm', shop()), 'run', '--keep').status, 'the first run').toBe(0);
    rmSync(folders.get('warm') ?? '', { recursive: true });

    const started = performance.now();
    const warm = repository('warm', shop());
    const { status, stdout, stderr } = gangway(warm, 'run', '--keep');
    const seconds = (performance.now() - started) / 1000;
    expect(status, stdout + stderr).toBe(0);
    console.log(`From git init to both URLs: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(60);
    expect(stdout).toMatch(/vars\.WIF_PROVIDER +projects\/\d+\/locations/);
    for (const service of ['prices', 'orders']) {
      const [, line = ''] =
        new RegExp(`^${service} answers 401 without a key, 200 with it:\\n {2}(curl .*)$`, 'm').exec(
          stdout,
        ) ?? [];
      const said = execFileSync('sh', ['-c', `${line.replace('curl', 'curl --silent')}`], {
        encoding: 'utf8',
      });
      expect(JSON.parse(said)).toEqual({ service });
    }
    expect(gangway(warm, 'logs', 'prices').stdout).toMatch(/prices .*Uvicorn running|prices .*GET \//);
  });

  it('runs again on a change with --watch', async () => {
    const warm = folders.get('warm') ?? '';
    const child = spawn(process.execPath, [GANGWAY, 'run', '--watch', '--keep', '--job', 'deploy'], {
      cwd: warm,
      env,
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    await expect.poll(() => output, { timeout: 120_000 }).toContain('Waiting for a change.');
    const revisions = () =>
      JSON.parse(gangway(warm, 'status', '--json').stdout).resources.services.map(
        ({ name, serves }: { name: string; serves: string }) => `${name} ${serves}`,
      );
    const before = revisions();
    writeFileSync(
      join(warm, 'services/prices/src/prices/main.py'),
      source('prices').replace('"1.0.0"', '"1.0.1"'),
    );
    await expect.poll(() => output.split('Waiting for a change.').length, { timeout: 120_000 }).toBe(3);
    const after = revisions();
    // The base image is on this machine alone, and what did not change is not built again.
    expect(after.find((one: string) => one.startsWith('orders'))).toBe(
      before.find((one: string) => one.startsWith('orders')),
    );
    expect(after.find((one: string) => one.startsWith('prices'))).not.toBe(
      before.find((one: string) => one.startsWith('prices')),
    );
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('close', resolve));
    expect(gangway(warm, 'status').status).toBe(0);
  });

  it('leaves its local cloud to another run of the folder that keeps it', async () => {
    const shared = repository('shared', { '.github/workflows/deploy.yml': ECHO });
    const first = spawn(process.execPath, [GANGWAY, 'run', '--watch'], { cwd: shared, env });
    let output = '';
    for (const stream of [first.stdout, first.stderr]) stream.on('data', (chunk) => (output += chunk));
    await expect.poll(() => output, { timeout: 60_000 }).toContain('Waiting for a change.');
    expect(gangway(shared, 'run', '--keep').status).toBe(0);
    const ended = new Promise((resolve) => first.once('close', resolve));
    first.kill('SIGINT');
    expect(await ended, output).toBe(0);
    expect(output).not.toContain('does not stop');
    expect(gangway(shared, 'status').status).toBe(0);
  });

  it('runs in two folders at once, each with a local cloud of its own', async () => {
    const both = ['left', 'right'].map((name) => repository(name, shop()));
    const ended = await Promise.all(
      both.map(
        (folder) =>
          new Promise<{ status: number | null; output: string }>((resolve) => {
            const child = spawn(process.execPath, [GANGWAY, 'run', '--keep'], { cwd: folder, env });
            let output = '';
            for (const stream of [child.stdout, child.stderr])
              stream.on('data', (chunk) => (output += chunk));
            child.once('close', (status) => resolve({ status, output }));
          }),
      ),
    );
    for (const { status, output } of ended) expect(status, output).toBe(0);
    const seen = both.map((folder) => JSON.parse(gangway(folder, 'status', '--json').stdout));
    expect(seen[0].origin).not.toBe(seen[1].origin);
    const urls = seen.flatMap(({ resources }) => resources.gateways.map(({ url }: { url: string }) => url));
    expect(new Set(urls).size).toBe(4);
    gangway(both[0] ?? '', 'down');
    // What the one leaves is not the other's.
    for (const { url } of seen[1].resources.gateways) expect((await fetch(url)).status).toBe(401);
  });

  it('deploys a folder without a workflow, and writes the workflow that does the same', () => {
    const plain = write('plain', Object.fromEntries(serviceFiles('prices', '')));
    const { status, stdout, stderr } = gangway(plain, 'deploy', '--write-workflow');
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain('the Dockerfile starts prices.main:app');
    expect(stdout).toContain('plain answers 401 without a key, 200 with it');
    expect(gangway(plain, 'status').stderr, 'what it started has ended with it').toContain('No local cloud');
    const text = execFileSync('cat', [join(plain, '.github/workflows/deploy.yml')], { encoding: 'utf8' });
    expect(parse(text).jobs.deploy.with).toMatchObject({ service: 'plain', api_key: true });
    execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: plain });
    const again = gangway(plain, 'run');
    expect(again.status, again.stdout + again.stderr).toBe(0);
    expect(again.stdout).toContain('plain answers 401 without a key, 200 with it');
  });

  it('ends with 1 and shows what the step printed where a step fails', () => {
    const files = { ...shop(), 'services/orders/src/orders/main.py': 'def (' };
    const { status, stdout } = gangway(repository('broken', files), 'run', '--job', 'test');
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ .*compileall[\s\S]*SyntaxError/);
  });

  const folders = new Map<string, string>();

  function write(name: string, files: Readonly<Record<string, string>>): string {
    const folder = join(root, name);
    folders.set(name, folder);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  function repository(name: string, files: Readonly<Record<string, string>>): string {
    const folder = write(name, files);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
    git('init', '--quiet', '--initial-branch=main');
    git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
    return folder;
  }

  function gangway(folder: string, ...args: string[]) {
    return spawnSync(process.execPath, [GANGWAY, ...args], { cwd: folder, env, encoding: 'utf8' });
  }

  function docker(...args: string[]): void {
    execFileSync(engine.docker, args, { env: { ...process.env, ...engine.environment }, stdio: 'ignore' });
  }
});

const source = (service: string) => `from fastapi import FastAPI

app = FastAPI(title="${service}", version="1.0.0")


@app.get("/", operation_id="root")
def root() -> dict[str, str]:
    return {"service": "${service}"}
`;

function serviceFiles(service: string, below: string): readonly (readonly [string, string])[] {
  return [
    [`${below}src/${service}/__init__.py`, ''],
    [`${below}src/${service}/main.py`, source(service)],
    [
      `${below}tests/test_main.py`,
      `from ${service}.main import app\n\n\ndef test_root():\n    assert "/" in app.openapi()["paths"]\n`,
    ],
    [
      `${below}Dockerfile`,
      `FROM ${BASE} AS build
WORKDIR /build
COPY src ./src
RUN python -m compileall -q src

FROM ${BASE}
WORKDIR /srv
COPY --from=build /build/src ./src
ENV PYTHONPATH=/srv/src
CMD ["sh", "-c", "exec python -m uvicorn ${service}.main:app --host 0.0.0.0 --port $PORT"]
`,
    ],
  ];
}

/** Two services with a src layout and tests, deployed by a matrix, as their owner would have them on GitHub. */
function shop(): Readonly<Record<string, string>> {
  const services = ['prices', 'orders'].flatMap((service) => serviceFiles(service, `services/${service}/`));
  return { ...Object.fromEntries(services), '.github/workflows/deploy.yml': WORKFLOW };
}

const ECHO = 'on: push\njobs: { echo: { runs-on: ubuntu-24.04, steps: [{ run: echo hello }] } }\n';
const matrix = `\${{ matrix.service }}`;
const WORKFLOW = `name: Deploy
on:
  push:
    branches: [main]
  workflow_dispatch:
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
    strategy:
      matrix:
        service: [prices, orders]
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-python@v6
        with:
          python-version: "3.12"
      - run: python3 -m compileall -q src tests
        working-directory: services/${matrix}
  deploy:
    needs: test
    permissions:
      contents: read
      id-token: write
    strategy:
      matrix:
        service: [prices, orders]
    uses: gangway-dev/gangway/.github/workflows/deploy-api.yml@v1
    with:
      project_id: acme-shop-prod
      region: europe-west1
      workload_identity_provider: \${{ vars.WIF_PROVIDER }}
      service_account: ci-deployer@acme-shop-prod.iam.gserviceaccount.com
      gateway_service_account: api-gateway@acme-shop-prod.iam.gserviceaccount.com
      service: ${matrix}
      repository: shop
      context: services/${matrix}
      spec_command: python -c 'import json, ${matrix}.main as m; print(json.dumps(m.app.openapi()))'
      api_key: true
`;
