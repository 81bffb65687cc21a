import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type RunningCloud, startCloud } from './cloud.ts';
import { parseCommandLine, USAGE, UsageError } from './command-line.ts';
import { environment, writeEnvironmentFiles } from './environment.ts';
import { EnvironmentFile } from './environment-file.ts';

const PATIENCE = 1000;

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`emulator: ${explain(error)}`);
  if (error instanceof UsageError) console.error('Run with --help for the options.');
  process.exit(error instanceof UsageError ? 2 : 1);
}

/** Runs until SIGINT or SIGTERM, then leaves nothing behind. */
async function main(args: readonly string[]): Promise<void> {
  const { help, envFile, options } = parseCommandLine(args);
  if (help) return void process.stdout.write(USAGE);
  const stopping = signalled();
  const folder = await mkdtemp(join(tmpdir(), 'gangway-'));
  const exports = new EnvironmentFile(resolve(envFile ?? join(folder, 'env')));
  let cloud: RunningCloud | undefined;
  try {
    await exports.clear();
    cloud = await startCloud(options);
    await exports.write(environment(cloud, await writeEnvironmentFiles(cloud, folder)));
    console.log(welcome(cloud, exports.path));
    console.log(`\n${await stopping}: stopping`);
  } finally {
    await exports.remove();
    await rm(folder, { recursive: true, force: true });
    await cloud?.close();
  }
  process.exit(0);
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
