import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@gangway/cluster';
import {
  BUILDKIT_IMAGE,
  type Buildkit,
  type CurrentEngine,
  run,
  startBuildkit,
  startCurrentEngine,
  writeBuildkitImage,
} from '@gangway/engine';

/**
 * The classic builder and the BuildKit of an old engine, each by a client without buildx; buildx with that engine (driver
 * docker), with a current one (`current`), and with a current one whose images are in containerd (`containerd`); buildx with
 * a BuildKit in a container (driver docker-container), on a cluster (driver kubernetes), and with one somewhere else (driver
 * remote).
 */
export type BuilderName =
  | 'classic'
  | 'buildkit'
  | 'docker'
  | 'current'
  | 'containerd'
  | 'container'
  | 'kubernetes'
  | 'remote';

type Environment = Readonly<Record<string, string>>;

/** Starts what builders need beside the engine of all tests. */
export interface Starter {
  /** @param env in which the builder is to be found */
  start(name: BuilderName, env: Environment): Promise<void>;
  stop(): Promise<void>;
  /** Of the builder remote, once it was started. */
  buildkit(): Buildkit | undefined;
  /** Of the builder kubernetes, once it was started. */
  cluster(): Cluster | undefined;
  /** Makes another builder, on the cluster of KUBECONFIG; with further options of the driver, each after a comma. */
  createOnCluster(name: string, env: Environment, options?: string): Promise<unknown>;
}

/** Where the engine is that one builder has for itself. */
export function engineDirectory(folder: string, name: BuilderName): string {
  return join(folder, `${name}-engine`);
}

/**
 * @param folder for all that is started
 * @param client the `docker` that makes builders
 * @param engineRoot what `currentEngineRoot` made
 */
export function createStarter(folder: string, client: string, engineRoot: string): Starter {
  const started: AsyncDisposable[] = [];
  let buildkit: Buildkit | undefined;
  let cluster: Cluster | undefined;

  const create = (name: string, env: Environment, driver: string, ...more: readonly string[]) =>
    run(client, ['buildx', 'create', `--name=${name}`, `--driver=${driver}`, ...more], {
      env: { ...process.env, ...env },
    });
  const keep = <T extends AsyncDisposable>(one: T): T => {
    started.push(one);
    return one;
  };
  const startEngine = async (name: BuilderName, store: 'docker' | 'containerd'): Promise<CurrentEngine> =>
    keep(await startCurrentEngine(engineRoot, store, engineDirectory(folder, name)));
  const buildkitImage = async () => {
    const path = join(folder, 'buildkit.tar');
    if (!existsSync(path)) await writeBuildkitImage(engineRoot, path);
    return path;
  };
  const createOnCluster = (name: string, env: Environment, options = '') =>
    create(name, env, 'kubernetes', HOST_NETWORK, `--driver-opt=image=${BUILDKIT_IMAGE}${options}`);

  const starters: Partial<Record<BuilderName, (env: Environment) => Promise<unknown>>> = {
    current: () => startEngine('current', 'docker'),
    containerd: () => startEngine('containerd', 'containerd'),
    async container(env) {
      const { host } = await startEngine('container', 'docker');
      await run(client, ['--host', host, 'load', '--input', await buildkitImage()]);
      const options = `--driver-opt=image=${BUILDKIT_IMAGE},network=host`;
      await create('container', env, 'docker-container', HOST_NETWORK, options);
    },
    async kubernetes(env) {
      const images = [await buildkitImage()];
      cluster = keep(await startCluster({ root: engineRoot, directory: join(folder, 'cluster'), images }));
      await createOnCluster('kubernetes', { ...env, KUBECONFIG: cluster.kubeconfig });
    },
    async remote(env) {
      buildkit = await startBuildkit();
      await create('remote', env, 'remote', buildkit.address);
    },
  };
  return {
    async start(name, env) {
      await starters[name]?.(env);
    },
    async stop() {
      for (const one of started) await one[Symbol.asyncDispose]();
      await buildkit?.stop();
    },
    buildkit: () => buildkit,
    cluster: () => cluster,
    createOnCluster,
  };
}

/** What RUN instructions have: the registry of the tests is on loopback. */
const HOST_NETWORK = '--buildkitd-flags=--oci-worker-net=host';
