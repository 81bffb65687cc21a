import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from './connection.ts';
import type { Engine } from './engine.ts';

/** One for all local clouds on an engine: a second one would overlap. */
const NETWORK = 'gangway-no-metadata';
const LABEL = 'dev.gangway.shield';
const ATTEMPTS = 5;

/**
 * Keeps a container that is not started yet from the metadata server of the machine under it, which on a virtual machine of a cloud gives
 * out real credentials: of Google's, AWS's and Azure's at 169.254.169.254, of Amazon ECS at 169.254.170.2.
 *
 * The container gets a second interface, to a network that has all link-local addresses and nothing on it: those are then tried there, and
 * nobody answers. That needs no rights on the machine, and nothing inside the container can change its routes. The machine has no address
 * on that network, so that its own way to its metadata server stays as it is. A process that binds its socket to the first interface
 * (`SO_BINDTODEVICE`) still gets past it: this keeps programs from credentials that are not theirs, and is no wall around an attacker.
 *
 * @throws Error when the engine can't have such a network
 */
export async function shieldFromMetadata(engine: Engine, container: string): Promise<void> {
  const body = { Container: container };
  await ensureNetwork(engine);
  await onNetwork(engine, () => engine.connection.drain('POST', `/networks/${NETWORK}/connect`, { body }));
}

/** Starts a container that was shielded. */
export async function startShielded(engine: Engine, container: string): Promise<void> {
  await onNetwork(engine, () => engine.start(container));
}

/** A container holds the network only once it runs: another cloud that ends may remove it at any time before. */
async function onNetwork(engine: Engine, action: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await action();
      return;
    } catch (error) {
      const isGone = error instanceof EngineError && error.message.includes(NETWORK);
      if (!isGone || attempt === ATTEMPTS) throw error;
      await ensureNetwork(engine);
    }
  }
}

/** Removes the network, unless another local cloud's containers are on it. */
export async function removeShield(engine: Engine): Promise<void> {
  await engine.connection.status('DELETE', `/networks/${NETWORK}`);
}

/**
 * The name servers for a container. One that is link-local, as on Compute Engine, is out of reach, and Google's public ones
 * (https://developers.google.com/speed/public-dns) take its place.
 *
 * @param resolvers text of a resolv.conf
 */
export function nameServersFor(resolvers: string): { Dns?: readonly string[] } {
  const servers = [...resolvers.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, server = '']) => server);
  return servers.some((server) => server.startsWith('169.254.')) ? { Dns: ['8.8.8.8', '8.8.4.4'] } : {};
}

/** The name servers that an engine on this machine gives its containers: systemd-resolved's own stub is passed over, as Docker does. */
export async function localNameServers(): Promise<{ Dns?: readonly string[] }> {
  const texts = await Promise.all(
    ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'].map((path) =>
      readFile(path, 'utf8').catch(() => ''),
    ),
  );
  return nameServersFor(texts.join('\n'));
}

async function ensureNetwork(engine: Engine): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await createNetwork(engine);
      return;
    } catch (error) {
      // Another container or cloud may be creating it: the engine takes its addresses before it shows it.
      if ((await engine.connection.status('GET', `/networks/${NETWORK}`)) === 200) return;
      if (attempt < ATTEMPTS) {
        await sleep(attempt * 100);
        continue;
      }
      throw new Error(
        `The Docker engine can't keep containers from this machine's metadata server: ${error instanceof Error ? error.message : error}. If another of its networks has addresses in 169.254.0.0/16, remove that one.`,
        { cause: error },
      );
    }
  }
}

async function createNetwork(engine: Engine): Promise<void> {
  const body = {
    Name: NETWORK,
    CheckDuplicate: true,
    Driver: 'bridge',
    Internal: true,
    Labels: { [LABEL]: '1' },
    IPAM: {
      Config: [
        {
          Subnet: '169.254.0.0/16',
          Gateway: '169.254.0.1',
          // No container may get an address that one of them is looked for at.
          AuxiliaryAddresses: {
            metadata: '169.254.169.254',
            ecs: '169.254.170.2',
            eks: '169.254.170.23',
            gke: '169.254.169.252',
            dns: '169.254.169.253',
          },
        },
      ],
    },
    Options: {
      // Without it the machine would have an address there, and with it a route that leads its own requests astray.
      'com.docker.network.bridge.inhibit_ipv4': 'true',
      'com.docker.network.bridge.enable_icc': 'false',
    },
  };
  await engine.connection.drain('POST', '/networks/create', { body, tolerated: [409] });
}
