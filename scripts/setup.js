// Makes a clone ready and runs what its arguments name: `node scripts/setup.js [script [arguments]]`.
// Plain JavaScript for Node 20 with nothing installed. It starts the script itself because a shell that has
// just run `node` remembers where it found it: `node setup.js && node script.ts` would run the second with the
// old Node even after this one has put Node 24 first on the PATH of npm scripts.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as module from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// Sources are stripped of their types and compiled once, not at every start.
const compiled = join(root, 'node_modules', '.cache', 'compiled');
const bin = join(root, 'node_modules', '.bin');

if (!installed()) install();
const [script, ...args] = process.argv.slice(2);
if (script) await start(resolve(root, script), args);

/** Whether node_modules holds what package-lock.json asks for, by npm's own record of what it installed. */
function installed() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const { packages: there } = JSON.parse(readFileSync(record, 'utf8'));
  const { packages: wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(wanted).every(([path, { version, link, optional }]) => {
    if (path === '') return true;
    const found = there[path];
    return found ? found.version === version && found.link === link : optional === true;
  });
}

function install() {
  console.error('Installing dependencies (npm ci) ...');
  const started = Date.now();
  // npm_execpath is npm's own entry point when npm runs this script: it is there even where no npm is on PATH.
  const own = process.env.npm_execpath;
  const [command, first] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawnSync(command, [...first, ...options], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (npm.status !== 0) {
    console.error(`${npm.stdout ?? ''}${npm.stderr ?? ''}${npm.error?.message ?? ''}`.trim());
    fail('npm ci failed; what it said is above.');
  }
  console.error(`Installed in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

/** Runs the script in this process where Node is new enough, else in one of the Node 24 that was installed. */
async function start(path, args) {
  process.env.PATH = [
    bin,
    ...(process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== bin),
  ].join(delimiter);
  if (isNew(process.versions.node)) {
    process.argv = [process.execPath, path, ...args];
    module.enableCompileCache?.(compiled);
    await import(pathToFileURL(path).href);
    return;
  }
  const node = join(bin, 'node');
  if (!existsSync(node)) {
    fail(
      `This needs Node 24 or newer, and this is ${process.version}. Install it from https://nodejs.org/en/download.`,
    );
  }
  // Node reads its own options, such as --env-file, from anywhere in the line unless `--` comes first.
  const env = { NODE_COMPILE_CACHE: compiled, ...process.env };
  const child = spawn(node, ['--', path, ...args], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to the child as well: passing it on would deliver it twice.
    process.on(signal, () => (signal !== 'SIGINT' || !process.stdin.isTTY ? child.kill(signal) : undefined));
  }
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function isNew(version) {
  return Number(version.split('.')[0]) >= 24;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
