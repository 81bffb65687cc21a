import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { answers, listens } from './probe.ts';

/** One instance of a revision, as the engine is to run it. */
export interface ContainerSpec {
  /** Full resource name of the revision. */
  readonly revision: string;
  /** What the engine pulls: the local registry's name of the image, and its digest. */
  readonly image: { readonly name: string; readonly digest: string };
  readonly credentials: { readonly username: string; readonly password: string };
  readonly env: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly port: number;
  /** Bytes. */
  readonly memory: number;
  readonly cpu: number;
  readonly startup: { readonly seconds: number; readonly path?: string };
}

/** A container that was started did not get ready. */
export class NotReady extends Error {
  /** The last lines it wrote. */
  readonly logs: string;

  constructor(message: string, logs: string) {
    super(message);
    this.logs = logs;
  }
}

/** A container that runs and listens. */
export interface Instance {
  readonly id: string;
  /** The port on 127.0.0.1. */
  readonly port: number;
}

/**
 * Pulls the image, starts a container and waits until it is ready.
 * @param label `KEY=VALUE`, by which the container is found again
 * @param signal aborted when no container may be created any more
 * @throws NotReady when it ends, or is not ready within its time; the container is gone then
 * @throws EngineUnavailable, EngineError
 */
export async function startContainer(
  engine: Engine,
  spec: ContainerSpec,
  label: string,
  signal: AbortSignal,
): Promise<Instance> {
  const { image, credentials, revision } = spec;
  await engine.pull(image.name, image.digest, credentials);
  const config = await configOf(engine, spec, label);
  signal.throwIfAborted();
  const id = await engine.run(`${revision.split('/').at(-1)}-${randomBytes(4).toString('hex')}`, config);
  try {
    return { id, port: await ready(engine, id, spec) };
  } catch (error) {
    await engine.remove(id);
    throw error;
  }
}

/**
 * Waits until a container is ready and returns the port on 127.0.0.1 behind which it listens.
 * @throws NotReady
 */
export async function ready(engine: Engine, id: string, { port, startup }: ContainerSpec): Promise<number> {
  const deadline = Date.now() + startup.seconds * 1000;
  for (;;) {
    const state = await engine.inspect(id);
    if (!state.running)
      throw new NotReady(`The container exited with code ${state.exitCode}.`, await engine.logs(id, 20));
    const published = state.port(port);
    if (
      published &&
      (await listens(published)) &&
      (!startup.path || (await answers(published, startup.path, 1000)))
    )
      return published;
    if (Date.now() > deadline)
      throw new NotReady(
        `Nothing was ready on port ${port} within ${startup.seconds} s.`,
        await engine.logs(id, 20),
      );
    await sleep(50);
  }
}

async function configOf(engine: Engine, spec: ContainerSpec, label: string) {
  const { image, env, command, args, workingDir, port, memory, cpu } = spec;
  const [key = '', ...value] = label.split('=');
  return {
    Image: `${image.name}@${image.digest}`,
    Env: Object.entries(env).map(([name, text]) => `${name}=${text}`),
    ...(command && { Entrypoint: command }),
    ...(args && { Cmd: args }),
    ...(workingDir && { WorkingDir: workingDir }),
    Labels: { [key]: value.join('='), 'dev.gangway.revision': spec.revision },
    ExposedPorts: { [`${port}/tcp`]: {} },
    HostConfig: {
      PortBindings: { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Memory: memory,
      MemorySwap: memory,
      // The engine refuses more than it has.
      NanoCpus: Math.min(cpu, await engine.cpus()) * 1e9,
    },
  };
}
