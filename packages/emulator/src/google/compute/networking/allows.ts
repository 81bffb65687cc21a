import { BlockList, isIPv4 } from 'node:net';
import type { Context } from '../context.ts';
import { nameIn } from '../links.ts';
import type { Resource } from '../state.ts';
import type { Firewall, Protocol } from './firewall.ts';

/** Where Google's health checks come from (https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges). */
export const PROBER = '35.191.0.1';
/** Where everybody comes from who asks an instance here. */
export const CLIENT = '127.0.0.1';

/**
 * Whether the firewall lets a TCP connection in: the rule of the highest priority decides, of those of the same one that denies; without any,
 * nothing comes in (https://cloud.google.com/firewall/docs/firewalls).
 *
 * @param source IPv4
 */
export function allows(
  { compute }: Pick<Context, 'compute'>,
  instance: Resource,
  port: number,
  source: string,
): boolean {
  const rules = (compute.list('global/firewalls') as unknown as readonly Firewall[])
    .filter(({ direction, disabled }) => direction === 'INGRESS' && !disabled)
    .filter((rule) => isFor(rule, instance) && isFrom(rule, source))
    .filter(({ allowed, denied }) => [...(allowed ?? []), ...(denied ?? [])].some((one) => covers(one, port)))
    .toSorted((one, other) => one.priority - other.priority || Number(!one.denied) - Number(!other.denied));
  return rules[0]?.allowed !== undefined;
}

function isFor(
  { targetTags, targetServiceAccounts }: Firewall,
  { tags, serviceAccounts }: Resource,
): boolean {
  const { items = [] } = tags as { items?: readonly string[] };
  const emails = ((serviceAccounts ?? []) as readonly { email: string }[]).map(({ email }) => email);
  if (targetTags) return targetTags.some((tag) => items.includes(tag));
  if (targetServiceAccounts) return targetServiceAccounts.some((email) => emails.includes(nameIn(email)));
  return true;
}

function isFrom({ sourceRanges = [] }: Firewall, source: string): boolean {
  const list = new BlockList();
  for (const range of sourceRanges) {
    const [address = '', bits = '32'] = range.split('/');
    if (isIPv4(address)) list.addSubnet(address, Number(bits), 'ipv4');
  }
  return list.check(source, 'ipv4');
}

function covers({ IPProtocol, ports }: Protocol, port: number): boolean {
  if (IPProtocol !== 'tcp' && IPProtocol !== 'all' && IPProtocol !== '6') return false;
  return (
    ports === undefined ||
    ports.some((text) => {
      const [low = 0, high = low] = text.split('-').map(Number);
      return port >= low && port <= high;
    })
  );
}
