import { setTimeout as sleep } from 'node:timers/promises';
import { fields, list, object, type Reader, text } from '@gangway/http';
import type { GoogleCloud } from './client.ts';
import { GoogleError } from './error.ts';
import { OPERATION, type WaitOptions, waitForOperation } from './operation.ts';

export interface EnableResult {
  readonly enabled: readonly string[];
  readonly alreadyEnabled: readonly string[];
}

export interface EnableOptions extends WaitOptions {
  /** Told what is waited for, when Google asks to try again. */
  readonly onWait?: (reason: string) => void;
  /** Whether all are off for certain, so that it need not be asked. */
  readonly knownOff?: boolean;
}

interface ServiceState {
  readonly name: string;
  readonly state?: string;
}

const STATE: Reader<ServiceState> = fields<ServiceState>({ name: text, state: text }, 'name');
const STATES = fields<{ services?: readonly ServiceState[] }>({ services: list(STATE) });
const ENABLING = { service: 'serviceusage', version: 'v1', response: object } as const;
const BATCH_GET = 30;
const BATCH_ENABLE = 20;
const FIRST_PAUSE = 1000;
const LAST_PAUSE = 15_000;
const UNKNOWN = 'the managed service has not propagated yet';
/** Google says the same where the caller may not bind the service, and that does not pass. */
const PROPAGATION = 10 * 60_000;

/**
 * Turns on what is off of some services of a project. Asks first, so that no enable permission is needed when
 * all are on; waits out what Google answers while a new managed service spreads or another activation runs.
 *
 * @param services names such as `run.googleapis.com` or a gateway's managed service
 * @throws GoogleError when Google refuses for good
 * @see https://cloud.google.com/service-usage/docs/reference/rest/v1/services
 */
export async function enableServices(
  cloud: GoogleCloud,
  projectId: string,
  services: readonly string[],
  options: EnableOptions,
): Promise<EnableResult> {
  const end = performance.now() + options.timeout;
  const wanted = [...new Set(services)];
  const on = new Set<string>();
  for (const batch of options.knownOff ? [] : chunks(wanted, BATCH_GET))
    for (const name of await enabledOf(cloud, projectId, batch)) on.add(name);
  const off = wanted.filter((name) => !on.has(name));
  for (const batch of chunks(off, BATCH_ENABLE)) await enable(cloud, projectId, batch, end, options);
  return { enabled: off, alreadyEnabled: wanted.filter((name) => on.has(name)) };
}

async function enabledOf(cloud: GoogleCloud, projectId: string, names: readonly string[]): Promise<string[]> {
  if (names.length > 1) {
    try {
      const { services = [] } = await cloud.request({
        service: 'serviceusage',
        method: 'GET',
        path: `v1/projects/${projectId}/services:batchGet`,
        query: { names: names.map((name) => `projects/${projectId}/services/${name}`) },
        answer: STATES,
      });
      return services.filter(isEnabled).map(nameOf);
    } catch (error) {
      // One service that the caller can't see fails the whole batch: ask for each.
      if (!isUnseen(error)) throw error;
    }
  }
  const states = await Promise.all(
    names.map((name) =>
      cloud
        .request({
          service: 'serviceusage',
          method: 'GET',
          path: `v1/projects/${projectId}/services/${name}`,
          answer: STATE,
        })
        .catch((error: unknown) => {
          if (isUnseen(error)) return undefined;
          throw error;
        }),
    ),
  );
  return names.filter((_, index) => states[index]?.state === 'ENABLED');
}

async function enable(
  cloud: GoogleCloud,
  projectId: string,
  names: readonly string[],
  end: number,
  options: EnableOptions,
): Promise<void> {
  const single = names.length === 1 ? names[0] : undefined;
  const propagated = performance.now() + PROPAGATION;
  for (let tries = 1, pause = FIRST_PAUSE; ; tries++, pause = Math.min(pause * 1.6, LAST_PAUSE)) {
    try {
      const operation = await cloud.request({
        service: 'serviceusage',
        method: 'POST',
        path: `v1/projects/${projectId}/services${single ? `/${single}` : ''}:${single ? 'enable' : 'batchEnable'}`,
        body: single ? {} : { serviceIds: names },
        answer: OPERATION,
      });
      const timeout = Math.max(0, end - performance.now());
      await waitForOperation(cloud, ENABLING, operation, `enabling ${names.join(', ')}`, {
        ...options,
        timeout,
      });
      return;
    } catch (error) {
      const reason = reasonToWait(error, tries);
      const last = reason === UNKNOWN ? Math.min(end, propagated) : end;
      if (!reason || performance.now() + pause > last) throw error;
      options.onWait?.(reason);
      await sleep(pause, undefined, { signal: options.signal });
    }
  }
}

/** Why another try will do, or undefined. */
function reasonToWait(error: unknown, tries: number): string | undefined {
  if (!(error instanceof GoogleError)) return undefined;
  // A managed service is unknown until its first API config has spread; nothing else appears by waiting.
  const unseen = /not found or permission denied for service\(s\):\s*([^\s].*?)\.?$/i.exec(error.detail)?.[1];
  if (unseen?.split(/[\s,]+/).every((name) => name.endsWith('.cloud.goog'))) return UNKNOWN;
  if (/another activation or deactivation is in progress/i.test(error.detail))
    return 'another activation is in progress';
  if (error.status === 'RESOURCE_EXHAUSTED') return 'the quota of calls per minute is used up';
  if (error.httpStatus >= 500 && tries < 3) return 'Google had an internal error';
  return undefined;
}

function isUnseen(error: unknown): boolean {
  if (!(error instanceof GoogleError)) return false;
  return (
    error.httpStatus === 404 ||
    (error.httpStatus === 403 && /not found or permission denied/i.test(error.detail))
  );
}

function isEnabled({ state }: ServiceState): boolean {
  return state === 'ENABLED';
}

function nameOf({ name }: ServiceState): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
