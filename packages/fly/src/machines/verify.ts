import { setTimeout as sleep } from 'node:timers/promises';
import { connects, look, RequestFailure } from '@gangway/http';
import type { Fly } from '../client.ts';
import { flyProxy } from '../endpoints.ts';
import { type Finding, judgeMachines, type Wanted } from './judge.ts';
import { addressOf, type Listener } from './listener.ts';
import type { Machine } from './machine.ts';
import { listMachines } from './machines.ts';

export interface VerifyOptions {
  /** Milliseconds at most for what is not yet as it should be. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

export interface Verdict {
  readonly machines: readonly Machine[];
  /** Empty when all is up to date. */
  readonly findings: readonly Finding[];
}

/** Milliseconds in which what the API says may be of before the deploy. */
const OLD = 5000;
/** Between two looks: Fly lets an app be asked about once a second. */
const POLL = 1500;
/** Milliseconds in which the app answers once. */
const PATIENCE = 10_000;

/**
 * Looks for itself at what runs, and waits as long as that may still mend itself.
 * @param wanted whose machines before are those that the deploy is about, as `within` tells them now
 * @returns with what is wrong, if something is
 */
export async function verifyMachines(
  fly: Fly,
  app: string,
  wanted: Wanted,
  { timeout, signal, within = () => true }: VerifyOptions & { within?(machine: Machine): boolean },
): Promise<Verdict> {
  const began = Date.now();
  for (;;) {
    const machines = (await listMachines(fly, app)).filter(within);
    const findings = judgeMachines(machines, wanted);
    const patience = Math.min(timeout, Math.max(0, ...findings.map(({ patience: own = OLD }) => own)));
    const isOver = findings.some(({ final }) => final) || Date.now() >= began + patience;
    if (findings.length === 0 || isOver) return { machines, findings };
    await sleep(POLL, undefined, { signal });
  }
}

/**
 * Asks the app where it listens, through Fly's proxy, until it answers with less than 500, or takes a connection where it does not
 * speak HTTP, or the time is up.
 *
 * @param path e.g. `/healthz`
 * @returns the finding if it does not answer, and the status if it did
 */
export async function verifyAnswer(
  app: string,
  listener: Listener,
  path: string,
  { timeout, signal }: VerifyOptions,
): Promise<{ readonly status?: number; readonly finding?: Finding }> {
  const end = Date.now() + timeout;
  const isWeb = listener.protocol === 'https' || listener.protocol === 'http';
  for (;;) {
    const answer = isWeb ? await ask(app, listener, path, signal) : await reaches(app, listener);
    if (typeof answer === 'number' && answer < 500) return { status: answer };
    if (answer === undefined) return {};
    const why = isWeb
      ? `${addressOf(app, listener)}${path} answers ${answer}`
      : `takes no connection at ${addressOf(app, listener)} (${answer})`;
    if (Date.now() >= end) return { finding: { subject: `app ${app}`, why, final: true, ill: true } };
    await sleep(POLL, undefined, { signal });
  }
}

async function ask(
  app: string,
  listener: Listener,
  path: string,
  signal: AbortSignal | undefined,
): Promise<number | string> {
  const proxy = flyProxy();
  const { host } = new URL(addressOf(app, listener));
  const url = proxy ? `http://${proxy.host}:${proxy.port}` : addressOf(app, listener);
  const headers: Record<string, string> = proxy ? { 'x-forwarded-host': host, host } : {};
  try {
    return (await look(`${url}${path}`, { headers, signal, timeout: PATIENCE })).status;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RequestFailure && error.message.includes('ETIMEDOUT'))
      return `nothing within ${PATIENCE / 1000} s`;
    const { code } = Object(Object(error).cause) as { code?: unknown };
    return `nothing (${typeof code === 'string' ? code : 'the connection broke'})`;
  }
}

/** @returns why nothing listens there, or undefined when something does */
function reaches(app: string, { protocol, port }: Listener): Promise<string | undefined> {
  return connects({
    host: `${app}.fly.dev`,
    port,
    tls: protocol === 'tls',
    tunnel: flyProxy(),
    timeout: PATIENCE,
  });
}
