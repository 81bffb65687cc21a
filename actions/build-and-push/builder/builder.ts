import { ActionError, ask, type CommandResult, command, log } from '@gangway/action';
import { unknownBuilder, unreachableBuilder } from './failure.ts';

/** What builds the image. */
export interface Builder {
  /** buildx, the BuildKit inside an older engine, or the classic builder. */
  readonly kind: 'buildx' | 'buildkit' | 'classic';
  /** Name of buildx's builder, where the input names one. */
  readonly name: string | undefined;
  /** buildx's driver: `docker`, `docker-container`, `kubernetes`, `remote`. */
  readonly driver: string | undefined;
  /** Whether it pushes what it built by itself; else the image comes into the engine's store, out of which it is pushed. */
  readonly pushes: boolean;
  /** Whether it gives out all that BuildKit makes: several platforms, attestations, caches. Docker's own store holds none. */
  readonly complete: boolean;
  /** Version of the Docker engine, if one answers; a builder elsewhere can do without. */
  readonly engine: string | undefined;
}

type Environment = Readonly<Record<string, string>>;

/**
 * Finds out what this runner's Docker can build with, and starts the builder if it is not running.
 *
 * @param wanted name of a builder of buildx; default is the current one
 * @throws ActionError when there is no client, no engine where one is needed, or no such builder
 */
export async function findBuilder(wanted: string | undefined, env: Environment): Promise<Builder> {
  // Side by side, as each start of the client takes its time.
  const [{ client, engine: answer }, shown] = await Promise.all([versions(env), inspected([], wanted, env)]);
  const driver = await driverOf(shown, wanted, env);
  if (driver === undefined && wanted) {
    throw new ActionError(
      `Input "builder" names ${wanted}, but this runner's Docker has no buildx to use it with.`,
      {
        code: 'buildx-missing',
        hint: 'add docker/setup-buildx-action before this step',
      },
    );
  }
  const pushes = driver !== undefined && driver !== 'docker';
  const engine = pushes ? answer.version : required(answer);
  // From 23 on the client knows BuildKit only through the buildx plugin.
  const kind = driver !== undefined ? 'buildx' : Number.parseInt(client, 10) < 23 ? 'buildkit' : 'classic';
  const inContainerd = driver === 'docker' && (await keepsInContainerd(env));
  const builder = { kind, name: wanted, driver, pushes, complete: pushes || inContainerd, engine } as const;
  const store = inContainerd ? ' with the containerd image store' : '';
  log.info(
    `Docker ${client}, ${engine ? `engine ${engine}${store}` : 'no engine'}, builds with ${describe(builder)}.`,
  );
  return builder;
}

/**
 * Refuses a runner without a Docker engine, which pack runs its containers in.
 *
 * @throws ActionError `docker-missing`, `docker-engine`
 */
export async function requireEngine(env: Environment): Promise<void> {
  const { client, engine } = await versions(env);
  log.info(`Docker ${client}, engine ${required(engine)}.`);
}

function describe({ kind, name, driver }: Builder): string {
  if (kind === 'buildx') return `buildx (${name ? `builder ${name}, ` : ''}driver ${driver})`;
  return kind === 'buildkit'
    ? "the engine's own BuildKit"
    : 'the classic builder (there is no buildx plugin)';
}

/** What the engine answered: its version, or why there is none. */
type EngineAnswer =
  | { readonly version: string; readonly problem?: never }
  | { readonly version?: never; readonly problem: string };

/**
 * Asks for the versions of the client and the engine.
 *
 * @throws ActionError `docker-missing` when there is no client
 */
async function versions(
  env: Environment,
): Promise<{ readonly client: string; readonly engine: EngineAnswer }> {
  const { stdout, stderr } = await ask('docker', ['version', '--format', '{{json .}}'], env).catch(
    (cause: unknown) => {
      if (!isMissing(cause)) throw cause;
      throw new ActionError('There is no "docker" on this runner.', {
        code: 'docker-missing',
        hint: 'use a runner with Docker, such as ubuntu-latest, or install docker.io',
        cause,
      });
    },
  );
  const said = parsed(stdout);
  const version = said?.Server?.Version;
  return {
    client: said?.Client?.Version ?? (await clientAlone(env)),
    engine: version ? { version } : { problem: stderr.trim() || 'docker version names no server' },
  };
}

/** `docker version` says nothing where it can't make out what engine to ask: `Docker version 20.10.24+dfsg1, build …`. */
async function clientAlone(env: Environment): Promise<string> {
  const { stdout } = await ask('docker', ['--version'], env);
  return /version v?([\w.+~-]+)/.exec(stdout)?.[1] ?? 'of an unknown version';
}

interface Versions {
  readonly Client?: { readonly Version?: string } | null;
  readonly Server?: { readonly Version?: string } | null;
}

function parsed(text: string): Versions | undefined {
  try {
    return JSON.parse(text) as Versions;
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ActionError && error.code === 'command-missing';
}

function required({ version, problem }: EngineAnswer): string {
  if (version !== undefined) return version;
  throw new ActionError(`Docker's engine does not answer: ${problem}`, {
    code: 'docker-engine',
    hint: 'start it, or point DOCKER_HOST at one that runs',
  });
}

/**
 * Whether the engine's images are in containerd's store, which holds all that BuildKit makes.
 *
 * @see https://docs.docker.com/engine/storage/containerd/
 */
async function keepsInContainerd(env: Environment): Promise<boolean> {
  const { stdout } = await ask('docker', ['info', '--format', '{{json .DriverStatus}}'], env);
  return stdout.includes('io.containerd.snapshotter');
}

/**
 * The driver of a builder, which is started first: one in a container or on a cluster may not run yet.
 *
 * @param shown what `docker buildx inspect` said of it
 * @returns undefined when there is no buildx
 */
async function driverOf(
  shown: CommandResult,
  wanted: string | undefined,
  env: Environment,
): Promise<string | undefined> {
  const driver = /^Driver:[ \t]+(\S+)/m.exec(shown.stdout)?.[1];
  if (!driver) {
    const { exitCode } = await ask('docker', ['buildx', 'version'], env);
    if (exitCode !== 0) return undefined;
    throw unknownBuilder(wanted, shown.stderr.trim() || (/^Error:\s+(.*)/m.exec(shown.stdout)?.[1] ?? ''));
  }
  if (driver === 'docker') return driver;
  const started = await inspected(['--bootstrap'], wanted, env);
  // Where a node can be started but not be spoken to, buildx tells so, and ends well.
  const unspoken = /^Error:/m.test(started.stdout) && !/^Status:[ \t]+running/m.test(started.stdout);
  if (started.exitCode !== 0 || unspoken) throw unreachableBuilder(wanted, driver, started);
  return driver;
}

/** What `docker buildx inspect` says of a builder; nothing where there is no client, which is for others to tell. */
function inspected(
  flags: readonly string[],
  wanted: string | undefined,
  env: Environment,
): Promise<CommandResult> {
  const args = ['buildx', 'inspect', ...flags, ...(wanted ? [wanted] : [])];
  return command('docker', args, { env, quiet: true, allowFailure: true }).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    return { exitCode: 127, stdout: '', stderr: '' };
  });
}
