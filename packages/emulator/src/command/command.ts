import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningCloud, startCloud } from '../cloud.ts';
import type { CloudOptions } from '../cloud-options.ts';
import { environment, writeEnvironmentFiles } from '../environment.ts';
import { parseCommandLine, USAGE, UsageError } from './command-line.ts';
import { EnvironmentFile } from './environment-file.ts';
import { logRequest } from './log-request.ts';

const PATIENCE = 1000;
/** Milliseconds from the first signal to the end, of which the local cloud has most and an engine of our own the rest. */
const CLOSING = 7000;
const ENGINE_STOPPING = 2500;

/** A Docker engine, as far as the local cloud needs to know it. */
export interface DockerEngine {
  /** e.g. `unix:///var/run/docker.sock` */
  readonly host: string;
  stop(): Promise<void>;
}

/**
 * The command: runs a local cloud until SIGINT or SIGTERM, then leaves nothing behind.
 *
 * @param args see {@link USAGE}
 * @param findEngine finds or starts a Docker engine where the arguments name none; undefined where there is none
 * @returns the exit code
 */
export async function emulatorCommand(
  args: readonly string[],
  findEngine: () => Promise<DockerEngine | undefined> = async () => undefined,
): Promise<number> {
  try {
    const { help, envFile, options, verbose } = parseCommandLine(args);
    if (help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const left = await serveUntilStopped(
      envFile,
      { ...options, ...(verbose && { onRequest: logRequest }) },
      findEngine,
    );
    if (left.length === 0) return 0;
    console.error(`emulator: could not remove ${left.join(', ')}`);
    console.error('Remove them with docker rm --force, docker volume rm and docker rmi.');
    return 1;
  } catch (error) {
    console.error(`emulator: ${explain(error)}`);
    if (error instanceof UsageError) console.error('Run with --help for the options.');
    return error instanceof UsageError ? 2 : 1;
  }
}

async function serveUntilStopped(
  envFile: string | undefined,
  options: CloudOptions,
  findEngine: () => Promise<DockerEngine | undefined>,
): Promise<readonly string[]> {
  const stopping = signalled();
  const folder = await mkdtemp(join(tmpdir(), 'gangway-'));
  const exports = new EnvironmentFile(resolve(envFile ?? join(folder, 'env')));
  let cloud: RunningCloud | undefined;
  let engine: DockerEngine | undefined;
  const begin = async () => {
    await exports.clear();
    engine = options.dockerHost ? undefined : await findEngine();
    const dockerHost = options.dockerHost ?? engine?.host;
    cloud = await startCloud({ ...options, ...(dockerHost && { dockerHost }) });
    const files = await writeEnvironmentFiles(cloud, folder);
    await exports.write({ ...environment(cloud, files), ...(dockerHost && { DOCKER_HOST: dockerHost }) });
    console.log(welcome(cloud, exports.path));
    await stopping;
  };
  let left: readonly string[] = [];
  const begun = begin();
  try {
    // A signal ends what never gets ready, too.
    await Promise.race([begun, stopping]);
    console.log(`\n${await stopping}: stopping`);
  } finally {
    await exports.remove();
    await rm(folder, { recursive: true, force: true });
    left = (await cloud?.close(CLOSING)) ?? [];
    // An engine that is only just being started is stopped, too.
    const stopped = begun.catch(() => undefined).then(() => engine?.stop());
    await Promise.race([stopped, sleep(ENGINE_STOPPING)]);
  }
  return left;
}

/**
 * Resolves with the first signal to stop; one that comes later ends the process at once. npm passes on the
 * signal that a terminal has sent to all of us already, so a repetition right after the first is none.
 */
function signalled(): Promise<NodeJS.Signals> {
  let first: number | undefined;
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (first !== undefined && Date.now() - first > PATIENCE) process.exit(130);
        first ??= Date.now();
        resolve(signal);
      });
    }
  });
}

function welcome({ origin, project }: RunningCloud, path: string): string {
  return [
    `The local cloud is ready at ${origin}`,
    `  project   ${project.id} (${project.number})`,
    `  console   ${origin}/`,
    `  exports   source ${path}`,
    `  try       gcloud services list --enabled`,
    'Control-C stops it.',
  ].join('\n');
}

function explain(error: unknown): string {
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `port ${port} is in use; give --port another one, or none for a free one`;
  if (code === 'EACCES' && port !== undefined)
    return `port ${port} needs more rights; give --port one above 1023`;
  return message ?? String(error);
}
