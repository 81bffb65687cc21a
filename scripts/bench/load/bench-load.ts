import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Engine, startEngine } from '@gangway/engine';
import { median } from '../sample.ts';
import { type BenchCloud, startCloudProcess } from './cloud.ts';
import { type ProcessUsage, watchProcess } from './process-usage.ts';
import { type LoadResult, load } from './requests.ts';
import { buildServer, deployApi, REGION, type Step, stepsOf } from './service.ts';

/** A service's memory is looked at this often, in seconds. */
const LOOKS = 1;

/**
 * What the local cloud bears: many deploys at once, and many requests a second through a gateway to a service behind it; a table in
 * Markdown.
 *
 * @param args `--seconds N` of load (600), `--rate N` requests a second (2000), `--deploys N` at once (50)
 * @throws Error for what is no option
 */
export async function benchLoad(args: readonly string[]): Promise<string> {
  const { seconds, rate, deploys } = optionsOf(args);
  const engine = await startEngine({ onProgress: console.error });
  try {
    const cloud = await startCloudProcess(engine);
    const home = await mkdtemp(join(tmpdir(), 'gangway-bench-'));
    try {
      return await measure(cloud, stepsOf(cloud, home), { seconds, rate, deploys });
    } finally {
      await cloud.close();
      await rm(home, { recursive: true, force: true });
    }
  } finally {
    await stop(engine);
  }
}

interface Options {
  readonly seconds: number;
  readonly rate: number;
  readonly deploys: number;
}

async function measure(cloud: BenchCloud, step: Step, { seconds, rate, deploys }: Options): Promise<string> {
  console.error('Building the service …');
  const image = await buildServer(step, cloud.exports.GOOGLE_CLOUD_PROJECT ?? '');
  console.error(`${deploys} deploys at once …`);
  const deployed = await deployAll(step, image, deploys);
  console.error(`${rate} requests a second for ${seconds} s …`);
  const { url, key } = await deployApi(step, image, cloud.exports.GANGWAY_GATEWAY_SERVICE_ACCOUNT ?? '');
  const stopWatching = watchProcess(cloud.pid, LOOKS);
  const result = await load(`${url}/`, { 'x-api-key': key }, { rate, seconds });
  const usage = await stopWatching();
  return [
    `On ${availableParallelism()} cores, which the client, the local cloud and the containers share:`,
    '',
    ...deployRows(deploys, deployed),
    '',
    ...loadRows(rate, result, usage),
  ].join('\n');
}

interface Deployed {
  /** Seconds of each that succeeded. */
  readonly times: readonly number[];
  readonly errors: readonly string[];
  /** Seconds until the last had ended. */
  readonly all: number;
}

/** Deploys so many services at once, each by a step of its own. */
async function deployAll(step: Step, image: string, count: number): Promise<Deployed> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const times: number[] = [];
  const errors: string[] = [];
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      step('deploy-cloud-run', { service: `service-${index}`, region: REGION, image }).then(
        () => times.push(since()),
        (error: Error) => errors.push(error.message),
      ),
    ),
  );
  return { times, errors, all: since() };
}

function deployRows(count: number, { times, errors, all }: Deployed): string[] {
  return [
    '| Deploys at once | Errors | Half done after | All done after |',
    '|--:|--:|--:|--:|',
    `| ${count} | ${errors.length} | ${times.length > 0 ? `${median(times).toFixed(1)} s` : ''} | ${all.toFixed(1)} s |`,
    ...(errors[0] ? ['', `The first error: ${errors[0].split('\n').slice(-3).join(' ')}`] : []),
  ];
}

function loadRows(rate: number, result: LoadResult, usage: readonly ProcessUsage[]): string[] {
  const { seconds, answered, errors, timeouts, refused, latency, clientCpu } = result;
  const memory = usage.map((look) => look.memory);
  // The first looks are at a process that still grows to its usual size.
  const third = Math.max(1, Math.floor(memory.length / 3));
  const [early, late] = [memory.slice(third, 2 * third), memory.slice(-third)].map((part) => median(part));
  const cpu = (usage.at(-1)?.cpu ?? 0) - (usage[0]?.cpu ?? 0);
  const ofCore = (used: number) => `${((used / seconds) * 100).toFixed(0)} % of a core`;
  const mib = (value = 0) => `${value.toFixed(0)} MiB`;
  return [
    '| Requests a second asked for | answered | Errors | Timeouts | Refused | p50 | p90 | p99 | p99.9 | max |',
    '|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    `| ${rate} | ${(answered / seconds).toFixed(0)} | ${errors} | ${timeouts} | ${refused} | ${[latency.p50, latency.p90, latency.p99, latency.p99_9, latency.max].map((ms) => `${ms} ms`).join(' | ')} |`,
    '',
    '| Seconds | Memory at first | in the middle | in the end | most | CPU | for a request | CPU of the client |',
    '|--:|--:|--:|--:|--:|--:|--:|--:|',
    `| ${seconds.toFixed(0)} | ${mib(memory[0])} | ${mib(early)} | ${mib(late)} | ${mib(Math.max(...memory))} | ${ofCore(cpu)} | ${((cpu / answered) * 1e6).toFixed(0)} µs | ${ofCore(clientCpu)} |`,
  ];
}

function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '600' },
      rate: { type: 'string', default: '2000' },
      deploys: { type: 'string', default: '50' },
    },
  });
  const whole = (name: keyof typeof values): number => {
    const text = values[name];
    if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}".`);
    return Number(text);
  };
  return { seconds: whole('seconds'), rate: whole('rate'), deploys: whole('deploys') };
}

async function stop(engine: Engine): Promise<void> {
  await engine.stop();
}
