import { authenticate } from '@gangway/auth';
import { authorizedUser, environment, type RunningCloud, startCloud } from '@gangway/emulator';
import { googleCloud } from '@gangway/google-cloud';
import { type ApiGateway, openApiGateway } from '@gangway/google-cloud/api-gateway';
import { emit, readDocument } from '@gangway/openapi';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { carryOut } from '../../actions/deploy-api-config/deploy/carry-out.ts';
import type { Inputs } from '../../actions/deploy-api-config/inputs.ts';
import { makePlan } from '../../actions/deploy-api-config/plan/plan.ts';
import { ActionError } from '../../packages/action/src/error.ts';
import { FASTAPI, withRoute } from '../helpers/documents.ts';
import { howMany } from '../helpers/fault-runs.ts';

// takes minutes

// Waits take a fiftieth of their time: what matters here is their order.
vi.mock('node:timers/promises', async (original) => {
  const real = await original<typeof import('node:timers/promises')>();
  const setTimeout: typeof real.setTimeout = (delay, ...rest) => real.setTimeout((delay ?? 0) / 50, ...rest);
  return { ...real, setTimeout };
});

const SCHEDULES = howMany({ few: 150, half: 500, usual: 500, all: 500 });
const MOST_REQUESTS = 60;
const REQUESTS = [
  /^POST .*\/apis$/,
  /^POST .*\/configs$/,
  /^POST .*\/gateways$/,
  /^PATCH .*\/gateways\//,
  /^POST .*:enable$/,
  /^GET .*\/apis\/[^/]+$/,
  /^GET .*\/configs/,
  /^GET .*\/gateways\/[^/]+$/,
  /^GET .*\/operations\//,
  /^GET .*\/services\//,
];
const KINDS = [
  { status: 429, headers: { 'retry-after': '0' } },
  { status: 500 },
  { status: 503 },
  { reset: true },
  { lost: true },
  { delay: 500 },
] as const;
const FAILURES = ['UNAVAILABLE', 'INTERNAL', 'ABORTED'] as const;
/** Reads that do not see the last writes yet. */
const STALE = { status: 404, body: { error: { code: 404, status: 'NOT_FOUND', message: 'not found' } } };

let cloud: RunningCloud;
let gateways: ApiGateway;
let deploy: (document: object) => Promise<void>;
beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  cloud = await startCloud();
  const files = { accessToken: '-', gcloudConfig: '-', authorizedUser: '-', flyToken: '-', flyConfig: '-' };
  for (const [name, value] of Object.entries(environment(cloud, files))) vi.stubEnv(name, value);
  const google = {
    projectId: cloud.project.id,
    workloadIdentityProvider: undefined,
    serviceAccount: undefined,
    delegates: [],
    credentialsJson: JSON.stringify(authorizedUser(cloud)),
  };
  const { client } = await authenticate(google, { idToken: () => Promise.reject(), mask: () => {} });
  gateways = await openApiGateway(client);
  const google2 = googleCloud(client);
  deploy = async (document) => {
    const inputs: Inputs = {
      google,
      api: 'hello',
      gateway: 'hello',
      locations: ['us-central1'],
      gatewayServiceAccount: undefined,
      spec: 'openapi.json',
      about: {
        labels: {},
        apiDisplayName: undefined,
        configDisplayName: undefined,
        gatewayDisplayName: undefined,
        streaming: false,
      },
      emit: { dialect: 'auto', apiKey: true, backend: { address: 'https://hello.a.run.app' } },
      enableService: true,
      verify: 'default',
      verifyTimeout: 5000,
      rollback: true,
      keepConfigs: 2,
      dryRun: false,
      back: undefined,
      preview: undefined,
      deployment: undefined,
      offline: false,
      failOn: 'never',
      githubToken: undefined,
      timeout: 30_000,
    };
    const read = readDocument({ path: 'openapi.json', text: JSON.stringify(document) });
    if (!read.document) throw new Error('no document');
    const emitted = emit(read.document, inputs.emit);
    const watch = { parts: [], time: <T>(_: string, work: () => Promise<T>) => work() };
    const deadline = performance.now() + inputs.timeout;
    const plan = makePlan(inputs, emitted, cloud.project.id);
    const work = { gateways, cloud: google2, plan, inputs, deadline, watch, changes: [] };
    await carryOut(work, emitted.operations);
  };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.close();
});

it(`converges or ends with a clear error under ${SCHEDULES} schedules of faults, and always after them`, {
  timeout: 400_000,
}, async () => {
  const ends = { converged: 0, failed: 0, requests: 0 };
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const random = generator(seed);
    await forget();
    const redeploy = random() < 0.5;
    if (redeploy) await deploy(FASTAPI);
    addFaults(random);
    const before = cloud.requests.length;
    const failure = await deploy(withRoute('/new', 'new')).catch((error: unknown) => error);
    const requests = cloud.requests.length - before;
    cloud.faults.clear();
    cloud.operationsOf('apigateway.googleapis.com').takeFailure();
    expect(requests, `schedule ${seed}: a storm`).toBeLessThanOrEqual(MOST_REQUESTS);
    ends.requests = Math.max(ends.requests, requests);
    if (failure) expectClear(failure, seed);
    ends[failure ? 'failed' : 'converged'] += 1;
    if (redeploy) expect(await answer('/'), `schedule ${seed}: an old route`).toBe(401);
    if (!failure) expect(await answer('/new'), `schedule ${seed}: after success`).toBe(401);
    await deploy(withRoute('/new', 'new'));
    expect(await answer('/new'), `schedule ${seed}: after a clean run`).toBe(401);
  }
  vi.restoreAllMocks();
  console.log(JSON.stringify(ends));
  // The schedules must be hard enough to break some runs and mild enough to let most through.
  expect(ends.failed).toBeGreaterThan(SCHEDULES / 50);
  expect(ends.converged).toBeGreaterThan(SCHEDULES / 2);
});

function addFaults(random: () => number): void {
  const pick = <T>(items: readonly [T, ...T[]] | readonly T[]): T =>
    items[Math.floor(random() * items.length)] as T;
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
    const match = pick(REQUESTS);
    const writes = /POST|PATCH/.test(match.source);
    const times = 1 + Math.floor(random() * 3);
    const chance = random();
    if (writes && chance < 0.25)
      cloud.faults.add({ match, times: 1, failed: { status: pick(FAILURES), message: 'it went wrong' } });
    else if (!writes && chance < 0.15 && !/operations/.test(match.source))
      cloud.faults.add({ match, times: 1, ...STALE });
    else cloud.faults.add({ match, times, ...pick(KINDS) });
  }
}

/** An error of ours, with words for a person and nothing raw in them. */
function expectClear(failure: unknown, seed: number): void {
  expect(failure, `schedule ${seed}: ${failure instanceof Error ? failure.stack : failure}`).toBeInstanceOf(
    ActionError,
  );
  const { message } = failure as ActionError;
  expect(message, `schedule ${seed}`).not.toMatch(/[{}]|\[object|undefined/);
}

async function answer(path: string): Promise<number> {
  const [gateway] = cloud.apiGateway.gateways.values();
  return (await fetch(`http://${gateway?.defaultHostname}${path}`)).status;
}

async function forget(): Promise<void> {
  const { apis, configs, gateways: all } = cloud.apiGateway;
  for (const name of all.keys()) await cloud.gateways.remove(name);
  for (const map of [apis, configs, all]) map.clear();
  for (const name of cloud.serviceUsage.managed.keys()) cloud.serviceUsage.enabled.delete(name);
  cloud.serviceUsage.managed.clear();
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
