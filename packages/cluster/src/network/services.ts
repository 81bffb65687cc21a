import { createHash } from 'node:crypto';
import { BlockList, connect, isIPv4 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../api.ts';
import { type Door, Doors, keyOf, type Place } from './doors.ts';
import { type Service, warn } from './service-events.ts';

/** Milliseconds between looks at the Services. */
const LOOK = 250;
/** Milliseconds in which a Service has to answer or refuse. */
const PROBE = 500;

/**
 * Lets this machine in where Services let clients from outside the cluster in, as Google's load balancers do: a Service of type LoadBalancer gets
 * an address of loopback of its own, which its status tells, and a node port is open at the address of the cluster. Which pod answers is the
 * affair of kube-proxy.
 *
 * @param outside address of loopback at which node ports are open
 * @param node address of the node
 * @returns what stops it
 */
export function openServices(api: Api, outside: string, node: string): { stop(): Promise<void> } {
  const doors = new Doors();
  const stopping = new AbortController();
  const told = new Set<string>();
  const look = async () => {
    const { items } = (await api('GET', '/api/v1/services?resourceVersion=0')) as {
      items: readonly Service[];
    };
    const nodePorts = items.flatMap(({ spec: { ports = [] } }) =>
      ports.flatMap(({ nodePort: port = 0, protocol }) =>
        port > 0 && protocol === 'TCP' ? [{ address: outside, port, to: { address: node, port } }] : [],
      ),
    );
    const failed = await doors.set([...nodePorts, ...items.flatMap(doorsOf)]);
    for (const service of items) await balance(api, service, failed, told);
  };
  const work = async () => {
    while (!stopping.signal.aborted) {
      // The API server may be busy, or a Service gone since: the next look is soon.
      await look().catch(() => undefined);
      await sleep(LOOK, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    doors.close();
  };
  const done = work();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

/** What a Service of type LoadBalancer opens: its ports at its address of loopback. */
function doorsOf(service: Service): Door[] {
  const { clusterIP = '', ports = [], loadBalancerSourceRanges: ranges = [] } = service.spec;
  if (!isBalanced(service)) return [];
  const address = addressFor(service);
  const admits = admitting(ranges);
  return ports.map(({ port }) => ({
    address,
    port,
    to: { address: clusterIP, port },
    ...(admits && { admits }),
  }));
}

/** Whether it gets an address: as on Kubernetes Engine, not with protocols that its load balancer has not, or another's class. */
function isBalanced({ spec: { type, ports = [], loadBalancerClass } }: Service): boolean {
  return type === 'LoadBalancer' && !loadBalancerClass && ports.every(({ protocol }) => protocol === 'TCP');
}

/** Writes into the status of a Service at which address it answers, once all its ports are open there. */
async function balance(
  api: Api,
  service: Service,
  failed: ReadonlyMap<string, Error>,
  told: Set<string>,
): Promise<void> {
  const { metadata, spec, status } = service;
  const { ingress = [] } = status.loadBalancer ?? {};
  if (!isBalanced(service)) {
    if (spec.type === 'LoadBalancer' && !spec.loadBalancerClass)
      await warn(api, service, 'the local load balancer passes TCP on, and no other protocol', told);
    return;
  }
  const address = addressFor(service);
  const [why] = (spec.ports ?? []).flatMap(({ port }) => failed.get(keyOf({ address, port })) ?? []);
  if (why) return warn(api, service, why.message, told);
  if (ingress.length === 1 && ingress[0]?.ip === address) return;
  const [first] = spec.ports ?? [];
  if (!first || !(await isLed({ address: spec.clusterIP ?? '', port: first.port }))) return;
  const path = `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}/status`;
  await api('PATCH', path, { status: { loadBalancer: { ingress: [{ ip: address }] } } });
}

/** Whether kube-proxy knows the Service yet: a connection is then answered or refused, and not lost. */
function isLed({ address, port }: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: PROBE });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ECONNREFUSED'));
  });
}

/** An address of loopback that stays the Service's own as long as it is there. */
function addressFor({ metadata: { uid } }: Service): string {
  const [one = 0, two = 0, three = 0] = createHash('sha256').update(uid).digest();
  // Not 127.0.x.x, where other programs listen, and no address that ends with 0, 1 or 255.
  return `127.${1 + (one % 254)}.${two}.${2 + (three % 253)}`;
}

/** @param ranges CIDRs of clients; none lets everybody in */
function admitting(ranges: readonly string[]): Door['admits'] {
  if (ranges.length === 0) return undefined;
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return (address) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
