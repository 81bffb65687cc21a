import { isIPv4 } from 'node:net';
import { invalid } from '../errors.ts';

/** A rule as the API shows it. */
export interface Firewall {
  readonly network: string;
  readonly priority: number;
  readonly direction: 'INGRESS' | 'EGRESS';
  readonly sourceRanges?: readonly string[];
  readonly sourceTags?: readonly string[];
  readonly targetTags?: readonly string[];
  readonly targetServiceAccounts?: readonly string[];
  readonly allowed?: readonly Protocol[];
  readonly denied?: readonly Protocol[];
  readonly disabled: boolean;
}

export interface Protocol {
  readonly IPProtocol: string;
  /** Such as `80` and `8000-8080`; left out: all. */
  readonly ports?: readonly string[];
}

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'esp', 'ah', 'sctp', 'ipip', 'all'];
const LISTS = [
  'sourceRanges',
  'destinationRanges',
  'sourceTags',
  'targetTags',
  'sourceServiceAccounts',
  'targetServiceAccounts',
] as const;

/**
 * A rule with its defaults.
 *
 * @throws ComputeError for one that Compute Engine refuses
 */
export function checkedFirewall(
  asked: Readonly<Record<string, unknown>>,
  network: string,
): Readonly<Record<string, unknown>> {
  const { description, priority = 1000, direction = 'INGRESS', disabled = false, logConfig } = asked;
  if (typeof priority !== 'number' || priority < 0 || priority > 65_535)
    throw invalid('resource.priority', priority, 'Must be between 0 and 65535, inclusive.');
  const allowed = protocolsOf(asked.allowed, 'allowed');
  const denied = protocolsOf(asked.denied, 'denied');
  if ((allowed.length === 0) === (denied.length === 0))
    throw invalid('resource.allowed', '', 'Exactly one of allowed and denied must be specified.');
  const lists = Object.fromEntries(
    LISTS.flatMap((name) => {
      const list = asked[name] as readonly string[] | undefined;
      return list && list.length > 0 ? [[name, list]] : [];
    }),
  );
  for (const name of ['sourceRanges', 'destinationRanges'] as const)
    for (const [index, range] of ((lists[name] ?? []) as readonly string[]).entries())
      checkRange(range, `resource.${name}[${index}]`);
  const isIngress = direction === 'INGRESS';
  if (isIngress && !lists.sourceRanges && !lists.sourceTags && !lists.sourceServiceAccounts)
    Object.assign(lists, { sourceRanges: ['0.0.0.0/0'] });
  if (!isIngress && !lists.destinationRanges) Object.assign(lists, { destinationRanges: ['0.0.0.0/0'] });
  return {
    ...(typeof description === 'string' && { description }),
    ...{ network, priority, direction, disabled },
    ...Object.fromEntries(LISTS.map((name) => [name, lists[name]])),
    allowed: allowed.length > 0 ? allowed : undefined,
    denied: denied.length > 0 ? denied : undefined,
    logConfig: logConfig ?? { enable: false },
  };
}

function protocolsOf(given: unknown, name: string): readonly Protocol[] {
  return ((given ?? []) as readonly Partial<Protocol>[]).map(({ IPProtocol = '', ports }, index) => {
    const field = `resource.${name}[${index}]`;
    const protocol = IPProtocol.toLowerCase();
    if (!PROTOCOLS.includes(protocol) && !/^(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/.test(protocol))
      throw invalid(`${field}.IPProtocol`, IPProtocol, 'Invalid IP protocol specification.');
    for (const [at, port] of (ports ?? []).entries()) {
      const [low = Number.NaN, high = low] = /^\d{1,5}(?:-\d{1,5})?$/.test(port)
        ? port.split('-').map(Number)
        : [];
      if (!(low >= 0 && low <= high && high <= 65_535))
        throw invalid(
          `${field}.ports[${at}]`,
          port,
          'Ports may only be specified as single port or a range.',
        );
    }
    return { IPProtocol: protocol, ...(ports && ports.length > 0 && { ports }) };
  });
}

function checkRange(range: string, field: string): void {
  const [address = '', bits = '32'] = range.split('/');
  const isV6 = address.includes(':');
  if (isV6 || (isIPv4(address) && /^\d{1,2}$/.test(bits) && Number(bits) <= 32)) return;
  throw invalid(field, range, 'Must be a valid CIDR address range.');
}
