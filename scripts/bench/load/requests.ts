import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetched } from '../fetched.ts';
import { measuringInto, usageIn } from '../usage.ts';

/** The client that makes the load: a program of others, fetched for the measurement alone. */
const CLIENT = { name: 'autocannon', version: '9.0.0' };
const CONNECTIONS = 64;

/** What a client saw. Latencies are in milliseconds, from when a request was due. */
export interface LoadResult {
  readonly seconds: number;
  readonly answered: number;
  /** Requests without an answer, and those that took too long. */
  readonly errors: number;
  readonly timeouts: number;
  /** Answers with another status than 2xx. */
  readonly refused: number;
  readonly latency: Readonly<Record<'p50' | 'p90' | 'p99' | 'p99_9' | 'max', number>>;
  /** Seconds of CPU that the client itself took. */
  readonly clientCpu: number;
}

/**
 * Sends requests at a constant rate.
 *
 * @param rate requests a second
 * @throws Error when the client can't be fetched, or fails
 */
export async function load(
  url: string,
  headers: Readonly<Record<string, string>>,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<LoadResult> {
  const folder = await fetched(CLIENT);
  const script = join(folder, 'node_modules', CLIENT.name, 'autocannon.js');
  const args = [
    ...['--connections', String(CONNECTIONS), '--overallRate', String(rate), '--duration', String(seconds)],
    ...Object.entries(headers).flatMap(([name, value]) => ['--headers', `${name}=${value}`]),
    ...['--json', '--no-progress', url],
  ];
  const measures = await mkdtemp(join(tmpdir(), 'gangway-bench-'));
  try {
    const file = join(measures, 'client');
    const [program, ...before] = measuringInto(file);
    const text = await output(program, [...before, process.execPath, script, ...args]);
    const { duration, requests, errors, timeouts, non2xx, latency } = JSON.parse(text);
    const { cpu: clientCpu } = await usageIn(file);
    return {
      seconds: duration,
      answered: requests.total,
      errors,
      timeouts,
      refused: non2xx,
      latency,
      clientCpu,
    };
  } finally {
    await rm(measures, { recursive: true, force: true });
  }
}

function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}`)),
    );
  });
}
