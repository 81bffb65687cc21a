import { run } from '@gangway/engine';
import { runAction } from '@gangway/runner';
import type { BenchRegistry } from './registry.ts';

/** What builds: the BuildKit of Docker 20.10, its classic builder, or a current BuildKit by buildx. */
export type EngineKind = 'BuildKit of 20.10' | 'classic builder' | 'current BuildKit';

/** One way to build and push the application. */
export interface Line {
  readonly engine: EngineKind;
  readonly what: string;
  build(site: Site): Promise<void>;
}

/** Where a line builds. */
interface Site {
  readonly registry: BenchRegistry;
  /** With which `docker` reaches the wiped builder, and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** Directory of the application. */
  readonly context: string;
  /** Name of the line's own image, below the repository. */
  readonly name: string;
  readonly npmRegistry: string;
}

const STAGES = ['builder', 'deps', 'frontend', 'releaser'];
const ENGINES: readonly EngineKind[] = ['BuildKit of 20.10', 'classic builder', 'current BuildKit'];

/** Every line, those of an engine one after another: no cache first, ours last. */
export const LINES: readonly Line[] = ENGINES.flatMap((engine) => [
  { engine, what: 'no cache', build: (site: Site) => plain(engine, site, []) },
  ...(engine === 'current BuildKit'
    ? [{ engine, what: 'by hand, mode=max', build: (site: Site) => plain(engine, site, modeMax(site)) }]
    : []),
  { engine, what: 'by hand, stage images', build: (site: Site) => stageImages(engine, site) },
  { engine, what: 'ours', build: ours },
]);

function modeMax(site: Site): string[] {
  const cache = `type=registry,ref=${imageOf(site)}/cache:main`;
  return [`--cache-from=${cache}`, `--cache-to=${cache},mode=max,ignore-error=true`];
}

async function plain(engine: EngineKind, site: Site, more: readonly string[]): Promise<void> {
  const image = `${imageOf(site)}:latest`;
  if (engine === 'current BuildKit') {
    await docker(site, [
      'buildx',
      'build',
      '--provenance=false',
      '--push',
      `--tag=${image}`,
      ...args(site),
      ...more,
    ]);
  } else {
    await docker(site, ['build', `--tag=${image}`, ...args(site), ...more]);
    await docker(site, ['push', '--quiet', image]);
  }
}

/** What the seed does by hand: build each stage, take layers from all, push all. */
async function stageImages(engine: EngineKind, site: Site): Promise<void> {
  const image = imageOf(site);
  const tags = [...STAGES, 'latest'];
  if (engine === 'classic builder') {
    await Promise.all(
      tags.map((tag) => docker(site, ['pull', '--quiet', `${image}:${tag}`]).catch(() => undefined)),
    );
  }
  const from = tags.map((tag) => `--cache-from=${image}:${tag}`);
  const inline = engine === 'classic builder' ? [] : ['--build-arg=BUILDKIT_INLINE_CACHE=1'];
  for (const tag of tags) {
    const target = tag === 'latest' ? [] : [`--target=${tag}`];
    const all = [`--tag=${image}:${tag}`, ...target, ...from, ...inline, ...args(site)];
    if (engine === 'current BuildKit')
      await docker(site, ['buildx', 'build', '--provenance=false', '--push', ...all]);
    else await docker(site, ['build', ...all]);
  }
  if (engine === 'current BuildKit') return;
  for (const tag of tags) await docker(site, ['push', '--quiet', `${image}:${tag}`]);
}

async function ours({ registry, env, context, name, npmRegistry }: Site): Promise<void> {
  const { exports } = registry;
  const { exitCode, log } = await runAction({
    action: 'build-and-push',
    workspace: context,
    env: { ...exports, ...env },
    inputs: {
      workload_identity_provider: exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
      service_account: exports.GANGWAY_SERVICE_ACCOUNT ?? '',
      image: `us-central1-docker.pkg.dev/demo-project/bench/${name}`,
      tags: 'latest',
      network: env.BUILDX_BUILDER ? '' : 'host',
      build_args: `BASE=${registry.base}\nNPM_REGISTRY=${npmRegistry}`,
    },
  });
  if (exitCode !== 0) throw new Error(log);
  const hits = /^Instructions from the cache: .*$/m.exec(log)?.[0];
  if (hits) console.error(`  ${hits}`);
}

function imageOf({ registry, name }: Site): string {
  return `${registry.repository}/${name}`;
}

function args({ registry, context, npmRegistry, env }: Site): string[] {
  // The network of a BuildKit daemon of its own is the host's already.
  const network = env.BUILDX_BUILDER ? [] : ['--network=host'];
  const given = [`--build-arg=BASE=${registry.base}`, `--build-arg=NPM_REGISTRY=${npmRegistry}`];
  return [...network, ...given, context];
}

function docker({ env, registry }: Site, args: readonly string[]): Promise<string> {
  return run('docker', args, {
    env: { ...process.env, ...env, DOCKER_CONFIG: registry.dockerConfig },
  });
}
