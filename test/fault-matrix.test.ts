import { find } from '@gangway/engine';
import type { StepResult } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FASTAPI } from './documents.ts';
import { FAULTS, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type FlyJob, startFlyJob } from './fly-job.ts';
import { type GatewayJob, startGatewayJob } from './gateway-job.ts';
import { type Job, startJob } from './job.ts';
import { buildApp, IMAGE } from './run-job.ts';

/**
 * Every kind of fault, for each request of each action, once and for good: the step converges or says clearly why not, in time,
 * and a clean run after it converges. A seeded sample runs each time; GANGWAY_FAULT_RUNS=all runs them all, and a number so many
 * of each action.
 */
const RUNS = process.env.GANGWAY_FAULT_RUNS ?? '';
const SEED = Number(process.env.GANGWAY_FAULT_SEED ?? 12);
const AT_ONCE = 4;
/** Milliseconds in which a step has to end, whatever happens. */
const HANGS = 60_000;
const QUICK = { GANGWAY_REQUEST_TIMEOUT: '2', GANGWAY_RETRY_TIMEOUT: '3', GANGWAY_GRANT_TIMEOUT: '0' };
/** Nothing of ours that a person can't read: a stack, source, a value that is none. */
const UNCLEAR = /This is a bug|Unexpected error|\n\s+at |\[object |undefined|NaN|node:internal|index\.js/;

type Options = NonNullable<Parameters<Job['step']>[2]>;

/** A local cloud with what a step needs, and the step. */
interface Subject extends AsyncDisposable {
  readonly job: Job;
  step(options: Options): Promise<StepResult>;
  /** Expects everything to be as the step is to leave it. */
  check(result: StepResult): Promise<void> | void;
}

interface Row {
  readonly action: string;
  readonly needs: readonly string[];
  /** Runs of the sample. */
  readonly sample: number;
  start(): Promise<Subject>;
}

const ROWS: readonly Row[] = [
  {
    action: 'enable-service',
    needs: [],
    sample: 30,
    async start() {
      const job = await startJob();
      const services = 'secretmanager.googleapis.com\nlogging.googleapis.com';
      return subject(
        job,
        (options) => job.step('enable-service', { services }, options),
        () => {
          for (const name of services.split('\n')) expect(job.cloud.serviceUsage.enabled).toContain(name);
        },
      );
    },
  },
  {
    action: 'create-token',
    needs: [],
    sample: 24,
    async start() {
      const job = await startJob();
      const inputs = { scopes: 'devstorage.read_only', lifetime: '10m' };
      return subject(
        job,
        (options) => job.step('create-token', inputs, options),
        ({ outputs }) => {
          expect(job.cloud.tokens.verify(outputs.token ?? '')?.email).toBe(
            job.exports.GANGWAY_SERVICE_ACCOUNT,
          );
          expect(Date.parse(outputs.expires_at ?? '')).toBeGreaterThan(Date.now());
        },
      );
    },
  },
  {
    action: 'create-api-key',
    needs: [],
    sample: 40,
    async start() {
      const job = await startJob();
      job.cloud.serviceUsage.enabled.add('secretmanager.googleapis.com');
      const deployer = `serviceAccount:${job.exports.GANGWAY_SERVICE_ACCOUNT}`;
      job.cloud.iam.grant(`projects/${job.project}`, 'roles/secretmanager.admin', deployer);
      const inputs = { key_id: 'web', services: 'run.googleapis.com', secret: 'web-key' };
      return subject(
        job,
        (options) => job.step('create-api-key', inputs, options),
        ({ outputs }) => {
          const [key] = job.cloud.apiKeys.list(job.cloud.clock.now());
          expect(key?.displayName).toBe('web');
          expect(outputs.secret_version).toMatch(/\/secrets\/web-key\/versions\/\d+$/);
        },
      );
    },
  },
  {
    action: 'deploy-api-config',
    needs: [],
    sample: 40,
    async start() {
      const gateway: GatewayJob = await startGatewayJob();
      const { job } = gateway;
      return {
        job,
        step: (options) => gateway.deploy(FASTAPI, {}, options),
        async check({ outputs }) {
          expect((await fetch(`${outputs.url}/`)).status).toBe(401);
        },
        [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
      };
    },
  },
  {
    action: 'fly-deploy',
    needs: find('flyctl').length > 0 ? [] : ['flyctl'],
    sample: 16,
    async start() {
      const fly: FlyJob = await startFlyJob();
      const image = await fly.push();
      const inputs = { image, strategy: 'immediate', verify_timeout: '5s', lock_timeout: '5s' };
      return {
        job: fly.job,
        step: (options) => fly.deploy(inputs, options),
        check() {
          expect(fly.machines().map(({ digest }) => digest)).toContain(image.split('@')[1]);
        },
        [Symbol.asyncDispose]: () => fly[Symbol.asyncDispose](),
      };
    },
  },
];

describe.each(ROWS.filter(({ needs }) => needs.length === 0))('$action', ({ action, sample, start }) => {
  it('converges or says why not, whatever a request is answered with', {
    timeout: 7_200_000,
    retry: 0,
  }, async () => {
    const requests = await record(start);
    const cells = sampled(cellsOf(requests.length), action, sample);
    const ends: Ends = new Map();
    await inParallel(cells, async (cell) => {
      await using tried = await start();
      await using proxy = await startFaultProxy(tried.job.cloud.origin);
      await tryCell(tried, proxy, cell, `${action}, ${cell.kind} at ${requests[cell.at]}`, ends);
    });
    report(action, requests.length, ends);
  });
});

const BASE = process.env.GANGWAY_BASE_IMAGE;

describe.skipIf(!BASE)('with a Docker engine (npm test prepares one)', () => {
  let job: Job;
  let proxy: FaultProxy;
  beforeAll(async () => {
    job = await startJob();
    await buildApp(job, BASE ?? '');
    proxy = await startFaultProxy(job.cloud.origin);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await job[Symbol.asyncDispose]();
  });

  let count = 0;
  /** A service of its own for each run; the cloud is one, since containers take a while. */
  const service = (): Subject => {
    const name = `app-${++count}`;
    const inputs = {
      service: name,
      region: 'us-central1',
      image: `${IMAGE}:v1`,
      invokers: 'allUsers',

      timeout: '60s',
    };
    return subject(
      job,
      (options) => job.step('deploy-cloud-run', inputs, options),
      async ({ outputs }) => {
        expect((await fetch(outputs.url ?? '')).status).toBe(200);
      },
      async () => {},
    );
  };

  it('deploy-cloud-run converges or says why not', { timeout: 7_200_000, retry: 0 }, async () => {
    const requests = await record(async () => service(), proxy);
    const ends: Ends = new Map();
    for (const cell of sampled(cellsOf(requests.length), 'deploy-cloud-run', 12))
      await tryCell(service(), proxy, cell, `deploy-cloud-run, ${cell.kind} at ${requests[cell.at]}`, ends);
    report('deploy-cloud-run', requests.length, ends);
  });
});

interface Cell {
  readonly kind: string;
  readonly at: number;
  readonly times: number;
}

type Ends = Map<string, { converged: number; failed: number }>;

function subject(
  job: Job,
  step: Subject['step'],
  check: Subject['check'],
  dispose = () => job[Symbol.asyncDispose](),
): Subject {
  return { job, step, check, [Symbol.asyncDispose]: dispose };
}

/** The requests of a clean run. */
async function record(start: () => Promise<Subject>, given?: FaultProxy): Promise<readonly string[]> {
  await using clean = await start();
  const proxy = given ?? (await startFaultProxy(clean.job.cloud.origin));
  proxy.disarm();
  await clean.check(await clean.step({ env: proxy.env(clean.job.exports) }));
  const seen = [...proxy.seen];
  if (!given) await proxy[Symbol.asyncDispose]();
  return seen;
}

function cellsOf(requests: number): Cell[] {
  const kinds = Object.keys(FAULTS);
  return Array.from({ length: requests }, (_, at) => at).flatMap((at) =>
    kinds.flatMap((kind) => [1, 99].map((times) => ({ kind, at, times }))),
  );
}

async function tryCell(
  tried: Subject,
  proxy: FaultProxy,
  { kind, at, times }: Cell,
  name: string,
  ends: Ends,
): Promise<void> {
  const env = { ...proxy.env(tried.job.exports), ...QUICK };
  proxy.arm(kind, at, times);
  const signal = AbortSignal.timeout(HANGS);
  const result = await tried.step({ fails: 'either', env, signal });
  const said = `${name}, ${times === 1 ? 'once' : 'for good'}:\n${result.log}`;
  expect(signal.aborted, `it hangs: ${said}`).toBe(false);
  expect(result.log, said).not.toMatch(UNCLEAR);
  const counts = ends.get(kind) ?? { converged: 0, failed: 0 };
  ends.set(kind, counts);
  if (result.exitCode === 0) {
    counts.converged += 1;
    await tried.check(result);
  } else {
    counts.failed += 1;
    expect(result.exitCode, said).toBe(1);
    expect(result.annotations.at(-1)?.message.length, said).toBeGreaterThan(20);
  }
  proxy.disarm();
  const after = await tried.step({ fails: 'either', env: proxy.env(tried.job.exports) });
  expect(after.exitCode, `a clean run after ${said}\n--- says\n${after.log}`).toBe(0);
  await tried.check(after);
}

function report(action: string, requests: number, ends: Ends): void {
  const all = [...ends.values()];
  const sum = (of: 'converged' | 'failed') => all.reduce((total, counts) => total + counts[of], 0);
  const kinds = [...ends]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([kind, { converged, failed }]) => `${kind} ${converged}/${converged + failed}`);
  console.log(
    `${action}: ${requests} requests, ${sum('converged')} converged, ${sum('failed')} failed clearly. Converged by kind: ${kinds.join(', ')}`,
  );
}

/** As many of them as are asked for, kind by kind in turn; the same ones for the same seed. */
function sampled(cells: readonly Cell[], action: string, usual: number): Cell[] {
  if (RUNS === 'all') return [...cells];
  const random = generator(SEED + [...action].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0));
  const turns = new Map<string, number>();
  const turnOf = ({ kind }: Cell) => {
    const turn = turns.get(kind) ?? 0;
    turns.set(kind, turn + 1);
    return turn;
  };
  const shuffled = cells
    .map((cell) => ({ cell, rank: random() }))
    .sort((one, other) => one.rank - other.rank);
  return shuffled
    .map(({ cell }) => ({ cell, turn: turnOf(cell) }))
    .sort((one, other) => one.turn - other.turn)
    .slice(0, Number(RUNS) || usual)
    .map(({ cell }) => cell);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const item of waiting) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failures.length > 0)
    throw new Error(`${failures.length} of ${items.length}:\n${failures.map(String).join('\n\n')}`);
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
