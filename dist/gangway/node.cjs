/*
 * Starts the command in Node 24 where it was started with an older one: the one that was fetched before, else npm fetches
 * it once, as the package that node.json names, and checks it against the digest there. Plain JavaScript for Node 18.
 */
const { spawn, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, join } = require('node:path');

exports.start = () => {
  const script = join(__dirname, 'index.js');
  const { version, packages } = require('./node.json');
  const own = packages[`${process.platform}-${process.arch}`];
  if (!own) fail(`this is ${process.version}. Install Node 24 or newer: https://nodejs.org/en/download`);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gangway');
  const folder = join(cache, `${own.name}-${version}`);
  const node = join(folder, 'node_modules', own.name, 'bin', 'node');
  if (!existsSync(node)) bring(cache, folder, version, own);
  const child = spawn(node, ['--', script, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child as well: passing it on would deliver it twice.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => (signal !== 'SIGINT' || !process.stdin.isTTY ? child.kill(signal) : undefined));
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
};

function bring(cache, folder, version, { name, integrity }) {
  console.error(
    `gangway needs Node 24, and this is ${process.version}: npm fetches it once (about 50 MB) ...`,
  );
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  const dependencies = { [name]: version };
  const lock = {
    name: 'node-for-gangway',
    lockfileVersion: 3,
    packages: { '': { dependencies }, [`node_modules/${name}`]: { version, integrity } },
  };
  writeFileSync(join(fresh, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(fresh, 'package-lock.json'), JSON.stringify(lock));
  const [npm, ...first] = npmCommand();
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const env = { ...process.env, npm_config_global: '', npm_config_prefix: '' };
  const { status, stdout, stderr, error } = spawnSync(npm, [...first, ...options], {
    cwd: fresh,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    console.error(`${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}`.trim());
    fail(
      `this is ${process.version}, and npm can't fetch ${name}. Install Node 24: https://nodejs.org/en/download`,
    );
  }
  try {
    renameSync(fresh, folder);
  } catch {
    // Another one was quicker.
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** npm as it started this, as it comes with this Node, or from the PATH. */
function npmCommand() {
  const own = process.env.npm_execpath;
  if (own && /npm-cli\.js$/.test(own)) return [process.execPath, own];
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  return existsSync(beside) ? [process.execPath, beside] : ['npm'];
}

function fail(message) {
  console.error(`gangway needs Node 24 or newer, and ${message}`);
  process.exit(2);
}
