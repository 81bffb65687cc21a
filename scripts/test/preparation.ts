import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import {
  baseImage,
  CLUSTER_TOOLS,
  cloudInit,
  currentEngineRoot,
  currentFastApi,
  type Engine,
  find,
  findGoTools,
  flytekit,
  flyteTasks,
  type GoTool,
  googleClients,
  goTools,
  howToGet,
  installPackages,
  pythonImage,
  pythonPackages,
  startEngine,
} from '@gangway/engine';
import { NEED_NAMES, type NeedName, need } from './needs.ts';

/** What a tool adds to the environment of the tests that need it. */
interface Environment {
  /** Directories that come first on PATH. */
  readonly path: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

export interface Outcome {
  /** What it adds; undefined where it could not be had. */
  readonly environment: Environment | undefined;
  /** Why, and how to get it. */
  readonly missing: string;
  readonly seconds: number;
}

/** Tools on their way. */
export interface Preparation {
  /** What has been prepared, or could not be, so far. */
  readonly settled: ReadonlyMap<NeedName, Outcome>;
  /** Does something now and whenever more is settled, the last time when all is. */
  each(action: () => Promise<void>): Promise<void>;
  /** Waits for what is still on its way, and stops what was started. */
  stop(): Promise<void>;
}

/** Whether this machine has a tool without us. */
export function isThere(name: NeedName): boolean {
  const { programs } = need(name);
  return programs?.every((program) => find(program).length > 0) ?? false;
}

/** Begins to see to tools, each as soon as what it needs itself is there. Nothing rejects: an outcome says what is missing. */
export function prepare(names: ReadonlySet<NeedName>, signal: AbortSignal): Preparation {
  const options = { onProgress: console.log, signal };
  const settled = new Map<NeedName, Outcome>();
  const running = new Map<NeedName, Promise<void>>();
  const atOnce = limited(Math.max(2, availableParallelism() - 1));
  const small = installed(names, ['busybox', 'openssl', 'strace', 's6']);
  let engine: Engine | undefined;
  const variable = (name: NeedName) =>
    Object.values(settled.get(name)?.environment?.variables ?? {})[0] ?? '';
  const theEngine = () => engine ?? fail('No Docker engine was started.');
  const pathsOf = async (tools: readonly GoTool[]) => {
    const paths = await findGoTools(tools, console.log, signal);
    if (!paths) throw new Error(tools.map(howToGet).join('; '));
    return paths.map((tool) => dirname(tool));
  };
  const built = async (...groups: readonly (readonly GoTool[])[]) => {
    const path: string[] = [];
    for (const tools of groups) path.push(...(await atOnce(() => pathsOf(tools))));
    return { path };
  };

  const makers: Record<NeedName, () => Promise<Partial<Environment>>> = {
    async engine() {
      engine = await startEngine(options);
      const { DOCKER_HOST, PATH } = engine.environment;
      const [first = ''] = PATH.split(delimiter);
      const isOwn = first !== process.env.PATH?.split(delimiter)[0];
      return { variables: { DOCKER_HOST }, path: isOwn ? [first] : [] };
    },
    'base-image': async () => ({ variables: { GANGWAY_BASE_IMAGE: await baseImage(theEngine(), options) } }),
    async 'current-fastapi'() {
      const image = await pythonImage(theEngine(), variable('base-image'), currentFastApi, options);
      if (!image) throw new Error('needs pip for python3 and a package index; only OpenAPI 3.0.2 was tested');
      return { variables: { GANGWAY_CURRENT_BASE_IMAGE: image } };
    },
    async 'flyte-image'() {
      const image = await pythonImage(theEngine(), variable('base-image'), flyteTasks, options);
      if (!image) throw new Error('needs pip for python3 and a package index');
      return { variables: { GANGWAY_FLYTE_BASE_IMAGE: image } };
    },
    busybox: () => small,
    openssl: () => small,
    strace: () => small,
    s6: () => small,
    'cloud-init': async () => ({ path: [await cloudInit(console.log)] }),
    elixir: () => small.catch(() => {}).then(() => installed(names, ['elixir'])),
    chromium: () => small.catch(() => {}).then(() => installed(names, ['chromium'])),
    async gcloud() {
      throw new Error('https://cloud.google.com/sdk/docs/install');
    },
    buildx: () => built([goTools.buildx]),
    flyctl: () => built([goTools.flyctl]),
    kustomize: () => built([goTools.kustomize]),
    helm: () => built([goTools.helm]),
    buildkit: () => built([goTools.buildkitd, goTools.buildctl]),
    pack: () => built([goTools.pack, goTools.lifecycle, goTools.launcher]),
    'oci-conformance': () => built([goTools.ociConformance], [goTools.ociConformance11]),
    'google-clients': async () => ({
      variables: { GANGWAY_GOOGLE_CLIENTS: await pythonPackages(googleClients, console.log, signal) },
    }),
    async flytekit() {
      const directory = await pythonPackages(flytekit, console.log, signal);
      return { path: [join(directory, 'bin')], variables: { GANGWAY_FLYTEKIT: directory } };
    },
    // Comes ready-made, so it doesn't wait for what is being built.
    act: async () => ({ path: await pathsOf([goTools.act]) }),
    kubernetes: () => built(...CLUSTER_TOOLS),
    async 'current-engine'() {
      const root = await currentEngineRoot(console.log, signal);
      if (!root) throw new Error('is unpacked by root on Debian with mmdebstrap');
      return { variables: { GANGWAY_CURRENT_ENGINE: root } };
    },
  };

  const settle = async (name: NeedName) => {
    const before = need(name).after ?? [];
    for (const one of before) await running.get(one);
    // Without it, nothing could be done with what may take minutes to build.
    const lacking = before.find((one) => !settled.get(one)?.environment);
    const started = performance.now();
    const make = async () => {
      if (lacking) throw new Error(`needs ${need(lacking).what}`);
      return isThere(name) ? {} : makers[name]();
    };
    const outcome = await make().then(
      ({ path = [], variables = {} }: Partial<Environment>) => ({
        environment: { path, variables },
        missing: '',
      }),
      (error) => ({
        environment: undefined,
        missing: error instanceof Error ? error.message : String(error),
      }),
    );
    settled.set(name, { ...outcome, seconds: (performance.now() - started) / 1000 });
    running.delete(name);
  };
  for (const name of NEED_NAMES) if (names.has(name)) running.set(name, settle(name));
  return {
    settled,
    async each(action) {
      for (let seen = -1; seen < settled.size || running.size > 0; ) {
        if (seen === settled.size) await Promise.race(running.values());
        seen = settled.size;
        await action();
      }
    },
    async stop() {
      await Promise.all(running.values());
      await engine?.stop();
    },
  };
}

/** The packages of Debian that bring these programs. */
const PACKAGES: Partial<Record<NeedName, readonly string[]>> = {
  // The smallest thing that can be a web server in a container without an image to pull.
  busybox: ['busybox-static'],
  openssl: ['openssl'],
  strace: ['strace'],
  s6: ['s6', 'execline'],
  elixir: ['elixir'],
  // Debian's: Ubuntu's package of that name is one of snap.
  chromium: ['chromium', 'fonts-dejavu-core'],
};

/** Installs, in one go, what is wanted of some tools and not there yet. */
async function installed(wanted: ReadonlySet<NeedName>, some: readonly NeedName[]): Promise<object> {
  const absent = some.filter((name) => wanted.has(name) && !isThere(name));
  await installPackages(
    absent.flatMap((name) => PACKAGES[name] ?? []),
    console.log,
  );
  return {};
}

function fail(message: string): never {
  throw new Error(message);
}

/** Has no more than so many at work at the same time. */
function limited(most: number): <T>(action: () => Promise<T>) => Promise<T> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (action) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await action();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
