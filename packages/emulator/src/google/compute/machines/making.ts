import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, KEPT_OUTPUT } from '../../../docker/engine.ts';
import { localNameServers, shieldFromMetadata } from '../../../docker/metadata-shield.ts';
import type { Authority } from '../../../kernel/http/authority.ts';
import type { Context } from '../context.ts';
import { nameIn } from '../links.ts';
import { MachineDocker } from './docker/proxy.ts';
import type { Ports } from './docker/publishing.ts';
import { ContainerShell } from './guest/container-shell.ts';
import { systemctl } from './guest/systemctl.ts';
import { Units } from './guest/units.ts';
import type { Journal } from './journal.ts';
import { ContainerLogs } from './logs/container-logs.ts';
import type { MetadataServer } from './metadata/server.ts';
import type { Entrance } from './network/entrance.ts';
import { control } from './network/way-in.ts';
import { WRITABLE } from './root/folders.ts';
import type { MachineRoot } from './root/image.ts';
import { HOME, METADATA_ADDRESS, SOCKETS } from './root/programs.ts';
import { openSockets } from './sockets.ts';
import { addressIn, type Surroundings } from './surroundings.ts';

/** Milliseconds that the first process has until it is ready. */
const PATIENCE = 30_000;
const METADATA_HOSTS = ['metadata.google.internal', 'metadata'];

/** What machines are made with. */
export interface Workshop extends Surroundings {
  readonly engine: Engine;
  readonly authority: Authority;
  readonly root: MachineRoot;
  /** `KEY=VALUE`, by which all that a cloud has made is found again. */
  readonly label: string;
}

/** A machine that was made, whether or not it runs. */
export interface Made {
  readonly workshop: Workshop;
  /** What is the machine's on this one: a folder for each that it may write to, and that of its sockets. */
  readonly folder: string;
  readonly container: string;
  readonly docker: MachineDocker;
  readonly logs: ContainerLogs;
  readonly shell: ContainerShell;
  readonly units: Units;
  readonly sockets: { close(): void };
  entrance?: Entrance | undefined;
}

/** `KEY=VALUE`, by which the containers and volumes are found that a machine has made. */
export function machineLabel(prefix: string): string {
  return `dev.gangway.machine=${prefix}`;
}

/**
 * Makes a machine, not started yet.
 *
 * @param path of the instance within the project
 * @param prefix what the names of all that it has on the engine begin with
 */
export async function makeMachine(
  cloud: Context,
  path: string,
  prefix: string,
  workshop: Workshop,
  { metadata, journal }: { readonly metadata: MetadataServer; readonly journal: Journal },
): Promise<Made> {
  const { engine, authority } = workshop;
  const folder = join(workshop.folder, prefix);
  for (const name of [...WRITABLE, 'gangway']) await mkdir(join(folder, name), { recursive: true });
  const container = await engine.create(prefix, await configOf(cloud, path, folder, workshop));
  await shieldFromMetadata(engine, container);
  const shared = join(folder, 'gangway');
  const { host: registry, port } = new URL(cloud.origin);
  const labels = Object.fromEntries([workshop.label, machineLabel(prefix)].map((label) => label.split('=')));
  const place = { prefix, machine: container, folder, registry, labels };
  const logs = new ContainerLogs(cloud, path, engine.connection);
  const docker = new MachineDocker(engine.connection, place, portsOf(shared), logs);
  const shell = new ContainerShell(engine.connection, container, shared);
  const units = new Units(shell, journal, nameIn(path));
  const sockets = await openSockets(shared, {
    ...{ metadata, docker: docker.server, authority, port: Number(port) },
    program: async (name, args) => (name === 'systemctl' ? systemctl(units, args) : journal.journalctl(args)),
  });
  return { workshop, folder, container, docker, logs, shell, units, sockets };
}

/** @throws Error with what the first process says when it doesn't get ready */
export async function untilReady({ workshop: { engine }, container, folder }: Made): Promise<void> {
  const answers = () =>
    control(join(folder, 'gangway'), 'close - 0 0').then(
      () => true,
      () => false,
    );
  for (const until = Date.now() + PATIENCE; Date.now() < until; await sleep(50)) {
    if (await answers()) return;
    if ((await engine.inspect(container)).running) continue;
    const output = await engine.output(container);
    const last = output.slice(-3).map(({ text }) => text);
    throw new Error(last.join(' ') || 'its first process ended');
  }
  throw new Error('its first process did not get ready');
}

/** Has the router know a machine by its address. */
export async function introduce({ workshop, container }: Made, prefix: string): Promise<void> {
  const address = await addressIn(workshop.engine, container, workshop.network);
  await writeFile(join(workshop.folder, 'by-address', address), prefix);
}

async function configOf(cloud: Context, path: string, folder: string, workshop: Workshop): Promise<object> {
  const [key = '', value = ''] = workshop.label.split('=');
  const apis = cloud.catalogue
    .flatMap(({ name, hosts = [] }) => [name, ...hosts])
    .filter((name) => /^[a-z0-9.-]+\.googleapis\.com$/.test(name));
  return {
    Image: workshop.root.image,
    Hostname: nameIn(path).slice(0, 63),
    Cmd: [`${HOME}/node`, `${HOME}/init.mjs`, new URL(cloud.origin).port, workshop.router],
    Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
    Labels: { [key]: value, 'dev.gangway.instance': path },
    HostConfig: {
      Binds: [
        ...WRITABLE.map((name) => `${folder}/${name}:/${name}`),
        ...workshop.root.binds,
        `${folder}/gangway:${SOCKETS}`,
      ],
      NetworkMode: workshop.network,
      CapAdd: ['NET_ADMIN'],
      ExtraHosts: [
        ...METADATA_HOSTS.map((name) => `${name}:${METADATA_ADDRESS}`),
        ...apis.map((name) => `${name}:127.0.0.1`),
      ],
      ...(await localNameServers()),
      ...KEPT_OUTPUT,
    },
  };
}

/** A container that listens at the port where it is published needs no other: it shares the machine's network. */
function portsOf(shared: string): Ports {
  return {
    open: async ({ host, from, to }) => {
      if (from !== to) await control(shared, `open ${host} ${from} ${to}`);
    },
    close: async ({ host, from, to }) => {
      if (from !== to) await control(shared, `close ${host} ${from} ${to}`);
    },
  };
}
