import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, seconds } from '@gangway/action';
import type { Instance } from '@gangway/compute';
import { probe } from '@gangway/http';
import type { Check } from '../inputs/surroundings.ts';
import type { Inputs } from '../inputs.ts';
import { type Container, partsOfPort } from '../machine/container.ts';

/** External address of an instance, or the one in its network where it has no other. */
export function addressOf({ networkInterfaces = [] }: Instance): { address: string; isExternal: boolean } {
  const [{ accessConfigs = [], networkIP = '' } = {}] = networkInterfaces;
  const external = accessConfigs.find(({ natIP }) => natIP)?.natIP;
  return { address: external ?? networkIP, isExternal: external !== undefined };
}

/** The URL under which a container answers on a machine: port 80, or the first TCP port that is published. */
function urlAt(address: string, path: string, ports: readonly string[]): string {
  const first = ports.map(partsOfPort).find(({ protocol }) => protocol === 'tcp');
  const port = first?.host ?? '80';
  const host = address.includes(':') ? `[${address}]` : address;
  return `http://${host}${port === '80' ? '' : `:${port}`}${path}`;
}

/**
 * Asks `check_url` until it answers as it should: a path at the address of an instance.
 *
 * @throws ActionError `check-failed` with the last answer
 */
export async function untilAnswering(
  instance: Instance,
  container: Pick<Container, 'ports'>,
  { surroundings: { check }, container: { ports } }: Inputs,
): Promise<void> {
  if (!check) return;
  const { address, isExternal } = addressOf(instance);
  const published = container.ports ?? ports ?? [];
  const url = check.url.startsWith('/') ? urlAt(address, check.url, published) : check.url;
  await askUntil(
    url,
    check,
    isExternal
      ? 'check that a firewall rule lets this runner in (allow_from makes one), that ports publishes the port, and what the container answers; a slow start may need more check_timeout'
      : `${address} is an address of the network: only a runner in it gets there`,
  );
}

/** The same of a group, which has whole URLs alone. */
export async function untilAnsweringUrl({ surroundings: { check } }: Inputs): Promise<void> {
  if (!check) return;
  await askUntil(
    check.url,
    check,
    'check what the load balancer and the container answer; a slow start may need more check_timeout',
  );
}

async function askUntil(url: string, check: Check, hint: string): Promise<void> {
  const start = performance.now();
  for (let delay = 250; ; delay = Math.min(delay * 1.5, 2000)) {
    const { ok, said } = await probe(url, { ...check, timeout: 10_000, signal: cancellation });
    if (ok) break;
    if (performance.now() - start > check.timeout)
      throw new ActionError(
        `${url} does not answer as it should after ${seconds(check.timeout)}: ${said}${check.status === undefined ? '' : `, not ${check.status}`}.`,
        { code: 'check-failed', hint },
      );
    await sleep(delay, undefined, { signal: cancellation });
  }
  log.info(`${url} answers as it should.`);
}
