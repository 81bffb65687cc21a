import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  baseImage,
  currentEngineRoot,
  currentFastApiBase,
  type Engine,
  find,
  findGoTool,
  goTools,
  howToGet,
  installPackages,
  startEngine,
} from '@gangway/engine';

/*
 * `npm test [-- vitest's arguments]`: sees to Docker engines, their base images, act, buildx, BuildKit, flyctl and Kubernetes, once for all tests, and says
 * in the end how many tests passed and which tools were not there.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const absent: string[] = [];
const folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
const report = join(folder, 'report.json');
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());

let engine: Engine | undefined;
let code = 1;
try {
  engine = await startEngine({ onProgress: console.log }).catch(
    missing('A Docker engine, which the end-to-end tests need'),
  );
  const environment = await prepare(engine);
  if (!stopped.signal.aborted) code = await vitest(environment);
  await summarize();
} finally {
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(stopped.signal.aborted ? 130 : code);

/** What the tests find in their environment. */
async function prepare(engine: Engine | undefined): Promise<Record<string, string>> {
  const options = { onProgress: console.log, signal: stopped.signal };
  const base = engine && (await baseImage(engine, options).catch(missing('A Python base image')));
  const current = engine && base && (await currentFastApiBase(engine, base, options).catch(() => undefined));
  if (base && !current)
    absent.push(
      'The current FastAPI: needs pip for python3 and a package index; only documents of OpenAPI 3.0.2 were tested',
    );
  // The smallest thing that can be a web server in a container without an image to pull.
  if (engine && find('busybox').length === 0) {
    await installPackages(['busybox-static'], console.log).catch(missing('busybox'));
  }
  // A service tree of s6 is started as root only.
  if (process.getuid?.() === 0 && find('s6-svscan').length === 0)
    await installPackages(['s6', 'execline'], console.log).catch(missing('s6 and execline'));
  // Debian leaves it out of its smallest images.
  if (find('openssl').length === 0) await installPackages(['openssl'], console.log).catch(missing('openssl'));
  // Every write of a step is looked at under it.
  if (process.platform === 'linux' && find('strace').length === 0)
    await installPackages(['strace'], console.log).catch(missing('strace'));
  if (find('elixir').length === 0) await installPackages(['elixir'], console.log).catch(missing('elixir'));
  const tools: string[] = [];
  for (const tool of Object.values(goTools)) {
    const path = await findGoTool(tool, console.log).catch(missing(tool.name));
    if (path) tools.push(dirname(path));
    else absent.push(howToGet(tool));
  }
  if (find('gcloud').length === 0) absent.push('gcloud: https://cloud.google.com/sdk/docs/install');
  const currentEngine = await currentEngineRoot(console.log, stopped.signal).catch(
    missing('A current Docker engine'),
  );
  if (!currentEngine) absent.push('A current Docker engine: is unpacked by root on Debian with debootstrap');
  const path = [...tools, engine?.environment.PATH ?? process.env.PATH].filter(
    (entry) => entry !== undefined,
  );
  return {
    ...engine?.environment,
    PATH: path.join(delimiter),
    ...(base && { GANGWAY_BASE_IMAGE: base }),
    ...(current && { GANGWAY_CURRENT_BASE_IMAGE: current }),
    ...(currentEngine && { GANGWAY_CURRENT_ENGINE: currentEngine }),
  };
}

function missing(what: string): (error: unknown) => undefined {
  return (error) => {
    absent.push(`${what}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  };
}

/** Runs vitest in a process group that Ctrl-C reaches too; resolves with its exit code. */
function vitest(environment: Record<string, string>): Promise<number> {
  const script = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [script, 'run', ...reporters, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  stopped.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => resolve(status ?? 1));
  });
}

async function summarize(): Promise<void> {
  for (const tool of absent) console.log(`Not there: ${tool}`);
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    text,
  ) as Report;
  // A file that could not even be loaded has no tests to count.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  console.log(
    `${numPassedTests} passed, ${numFailedTests + unloaded.length} failed, ${numPendingTests + numTodoTests} skipped`,
  );
}

/** What is read of vitest's JSON report. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}
