import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, KEPT_OUTPUT } from '../../../docker/engine.ts';
import { localNameServers, shieldFromMetadata, startShielded } from '../../../docker/metadata-shield.ts';
import { tar } from '../../../docker/tar.ts';
import type { ContainerSpec, InstanceSpec, ProbeSpec } from './instance-spec.ts';
import { probe } from './probe.ts';

/** Why an instance did not get ready. */
export class NotReady extends Error {
  readonly container: ContainerSpec;
  /** Of a container that ended. */
  readonly exitCode: number | undefined;

  constructor(container: ContainerSpec, exitCode?: number) {
    super(
      exitCode === undefined
        ? `Nothing was ready on port ${container.startup?.port} within its time.`
        : `Container called exit(${exitCode}).`,
    );
    this.container = container;
    this.exitCode = exitCode;
  }
}

/** The containers of an instance, in the order of its spec; the first one has the network that all share. */
export interface Instance {
  readonly ids: readonly string[];
  readonly volumes: readonly string[];
}

/**
 * Pulls the images and creates the containers of an instance, not started yet.
 *
 * @param label `KEY=VALUE`, by which they are found again
 * @param signal aborted when no container may be created any more
 * @throws EngineUnavailable, EngineError
 */
export async function createInstance(
  engine: Engine,
  spec: InstanceSpec,
  label: string,
  signal: AbortSignal,
): Promise<Instance> {
  for (const { image } of spec.containers) await engine.pull(image.name, image.digest, spec.credentials);
  const name = `${spec.owner.split('/').at(-1)}-${randomBytes(4).toString('hex')}`;
  const cpus = await engine.cpus();
  const volumes = spec.volumes.map((volume) => `${name}-${volume.name}`);
  signal.throwIfAborted();
  for (const [index, { bytes }] of spec.volumes.entries())
    await engine.createVolume(volumes[index] ?? '', label, bytes);
  const dns = await localNameServers();
  const ids: string[] = [];
  try {
    for (const container of spec.containers) {
      const [network] = ids;
      const config = configOf(spec, container, { label, cpus, name, network, dns });
      const id = await engine.create(container.name ? `${name}-${container.name}` : name, config);
      ids.push(id);
      if (network === undefined) await shieldFromMetadata(engine, id);
      if (container.files.length > 0) await engine.unpack(id, tar(container.files));
    }
    return { ids, volumes };
  } catch (error) {
    await removeInstance(engine, { ids, volumes });
    throw error;
  }
}

/**
 * Starts the containers in their order, one that another needs to its readiness first, and waits until all that have a
 * startup probe are ready.
 *
 * @throws NotReady
 */
export async function startInstance(
  engine: Engine,
  spec: InstanceSpec,
  { ids }: Instance,
  { waitForAll = true } = {},
): Promise<void> {
  const waiting: Promise<void>[] = [];
  for (const [index, container] of spec.containers.entries()) {
    await startShielded(engine, ids[index] ?? '');
    const started = ready(engine, ids, index, container);
    started.catch(() => undefined);
    if (container.awaited) await started;
    waiting.push(started);
  }
  if (waitForAll) await Promise.all(waiting);
}

/** The port on 127.0.0.1 behind which a port of an instance is published. */
export async function publishedPort(
  engine: Engine,
  { ids: [network = ''] }: Instance,
  port: number,
): Promise<number | undefined> {
  return (await engine.inspect(network)).port(port);
}

export async function removeInstance(engine: Engine, { ids, volumes }: Instance): Promise<void> {
  for (const id of [...ids].reverse()) await engine.remove(id);
  for (const volume of volumes) await engine.removeVolume(volume);
}

async function ready(
  engine: Engine,
  [network = '', ...rest]: readonly string[],
  index: number,
  container: ContainerSpec,
): Promise<void> {
  const { startup } = container;
  if (!startup) return;
  const id = [network, ...rest][index] ?? '';
  const deadline = Date.now() + patience(startup);
  for (;;) {
    const state = await engine.inspect(id);
    if (!state.running) throw new NotReady(container, state.exitCode);
    const shared = await engine.inspect(network);
    const published = shared.port(startup.port);
    const isSilent = (await shared.hasListener(startup.port)) === false;
    if (published && !isSilent && (await probe(published, startup))) return;
    if (Date.now() > deadline) throw new NotReady(container);
    await sleep(50);
  }
}

function patience({ delaySeconds, periodSeconds, failures }: ProbeSpec): number {
  return (delaySeconds + periodSeconds * failures) * 1000;
}

function configOf(
  { owner, containers }: InstanceSpec,
  { image, env, command, args, workingDir, memory, cpu, mounts }: ContainerSpec,
  at: {
    label: string;
    cpus: number;
    name: string;
    network: string | undefined;
    dns: { Dns?: readonly string[] };
  },
) {
  const [key = '', ...value] = at.label.split('=');
  const ports = containers.flatMap(({ port, startup, liveness }) =>
    [port, startup?.port, liveness?.port].filter((number) => number !== undefined),
  );
  const exposed = (what: (port: number) => unknown) =>
    Object.fromEntries([...new Set(ports)].map((port) => [`${port}/tcp`, what(port)]));
  return {
    Image: `${image.name}@${image.digest}`,
    Env: Object.entries(env).map(([name, text]) => `${name}=${text}`),
    ...(command && { Entrypoint: command }),
    ...(args && { Cmd: args }),
    ...(workingDir && { WorkingDir: workingDir }),
    Labels: { [key]: value.join('='), 'dev.gangway.revision': owner },
    ...(at.network === undefined && { ExposedPorts: exposed(() => ({})) }),
    HostConfig: {
      ...(at.network === undefined
        ? { PortBindings: exposed(() => [{ HostIp: '127.0.0.1', HostPort: '' }]), ...at.dns }
        : { NetworkMode: `container:${at.network}` }),
      Binds: mounts.map(({ volume, path }) => `${at.name}-${volume}:${path}`),
      ...KEPT_OUTPUT,
      Memory: memory,
      MemorySwap: memory,
      // The engine refuses more than it has.
      NanoCpus: Math.min(cpu, at.cpus) * 1e9,
    },
  };
}
