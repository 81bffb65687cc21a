/**
 * Bundles each action, the command `gangway` and the library of the local cloud into dist/. With --check it writes nothing and fails if dist/ is not what the sources make.
 * Names of bundles as further arguments limit it to them.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import ncc from '@vercel/ncc';
import { compiledAtOnce } from './compiled-at-once.ts';
import { declarations } from './declarations.ts';
import { licenses, packagesIn } from './licenses.ts';
import { commandLoader, loader } from './loader.ts';
import { transpileOnce } from './transpile-once.ts';

const root = resolve(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const only = process.argv.slice(2).filter((argument) => argument !== '--check');
const stale: string[] = [];
// By this variable ncc finds the modules that others stand in for.
process.env.TS_NODE_PROJECT = join(root, 'tsconfig.bundles.json');

const COMMAND = 'gangway';
const LIBRARY = 'emulator';
/** Packages that a browser is served: no module of the bundle has them. */
const SERVED = ['htm', 'preact'];
const SHEBANG = Buffer.from('#!');
const all = [...(await readdir(join(root, 'actions'))), COMMAND, LIBRARY];
const unknown = only.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No bundle is called ${unknown.join(' or ')}. There are ${all.join(', ')}.`);
  process.exit(1);
}
transpileOnce();
const names = only.length > 0 ? only : all;
for (const name of names) {
  const started = performance.now();
  const files = await maker(name)();
  const target = join(root, 'dist', name);
  if (check) {
    if (!(await isOnDisk(files, target))) stale.push(`dist/${name}`);
    continue;
  }
  await rm(target, { recursive: true, force: true });
  await write(files, target);
  const bytes = [...files].reduce(
    (sum, [path, source]) => (/\.m?js$/.test(path) ? sum + source.length : sum),
    0,
  );
  console.log(
    `${name.padEnd(18)} ${(bytes / 1e6).toFixed(2)} MB  ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
}
if (stale.length > 0) {
  console.error(`Not what the sources make: ${stale.join(', ')}. Run "npm run build" and commit dist/.`);
  process.exitCode = 1;
}

/**
 * The files of one action's bundle, by their path below dist/NAME. What ncc can't find it leaves as eval("require"): for
 * that reason packages/auth depends on supports-color, which `debug` asks for if it is there.
 */
async function bundle(name: string): Promise<Map<string, Buffer>> {
  const folder = join(root, 'actions', name);
  const { files, packages } = await pack(join(folder, 'main.ts'), 'main.js');
  files.set('index.js', Buffer.from(loader('main.js', 'step')));
  if (existsSync(join(folder, 'post.ts'))) {
    const post = await pack(join(folder, 'post.ts'), 'clean-up.js');
    for (const [path, source] of post.files) {
      if (files.has(path)) throw new Error(`actions/${name}: main.ts and post.ts both make ${path}`);
      files.set(path, source);
    }
    files.set('post.js', Buffer.from(loader('clean-up.js', 'post')));
    for (const found of post.packages) packages.add(found);
  }
  files.set('licenses.txt', Buffer.from(licenses(packages, root)));
  return files;
}

function maker(name: string): () => Promise<Map<string, Buffer>> {
  if (name === COMMAND) return bundleCommand;
  return name === LIBRARY ? bundleLibrary : () => bundle(name);
}

/** The local cloud as a package for other projects' tests: a bundle and its types. */
async function bundleLibrary(): Promise<Map<string, Buffer>> {
  const folder = join(root, 'packages/emulator');
  const sources = join(folder, 'src');
  const { files, packages } = await pack(join(sources, 'library/index.ts'), 'index.js');
  for (const [path, text] of await declarations(join(sources, 'library/index.ts'), sources))
    files.set(`types/${path}`, Buffer.from(text));
  files.set('licenses.txt', Buffer.from(licenses(packages, root)));
  files.set('LICENSE', await readFile(join(root, 'LICENSE')));
  files.set('README.md', await readFile(join(folder, 'README.md')));
  const { version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifest = {
    name: '@gangway/emulator',
    version,
    description: 'A local Google Cloud, Fly.io and GitHub for tests, in the process of the tests.',
    license,
    type: 'module',
    exports: { '.': { types: './types/library/index.d.ts', default: './index.js' } },
    engines: { node: '>=20' },
    sideEffects: false,
  };
  files.set('package.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return files;
}

/** The command as a package that npm can pack and install: a bundle, and nothing to fetch. */
async function bundleCommand(): Promise<Map<string, Buffer>> {
  const folder = join(root, 'packages/cli');
  const { files, packages } = await pack(join(folder, 'src/main.ts'), 'main.mjs');
  const openapi = await pack(join(folder, 'src/openapi/main.ts'), 'openapi.mjs');
  for (const [path, source] of openapi.files) files.set(path, source);
  files.set('index.js', Buffer.from(`#!/usr/bin/env node\n${commandLoader()}`));
  for (const name of ['node.cjs', 'suite.cjs']) files.set(name, await readFile(join(folder, 'launch', name)));
  files.set('node.json', Buffer.from(`${JSON.stringify(await nodePackages(), null, 2)}\n`));
  files.set('licenses.txt', Buffer.from(licenses(packages, root)));
  files.set('LICENSE', await readFile(join(root, 'LICENSE')));
  files.set('README.md', await readFile(join(folder, 'README.md')));
  const { version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifest = {
    name: COMMAND,
    version,
    description:
      'Run GitHub workflows that deploy to Google Cloud and Fly.io on your machine, against a local cloud.',
    license,
    // What it loads when it is needed are ES modules by another name than .mjs.
    type: 'module',
    bin: { [COMMAND]: 'index.js' },
    engines: { node: '>=20' },
    scripts: { prepack: 'node suite.cjs', postpack: 'node suite.cjs --clean' },
  };
  files.set('package.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return files;
}

/** The packages that have Node 24 in them, by platform, and their digests, as package-lock.json has them. */
async function nodePackages(): Promise<object> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const { optionalDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const names = Object.keys(optionalDependencies).filter((name) => name.startsWith('node-'));
  return {
    version: optionalDependencies[names[0] ?? ''],
    packages: Object.fromEntries(
      names.map((name) => [
        name.replace('node-', ''),
        { name, integrity: packages[`node_modules/${name}`].integrity },
      ]),
    ),
  };
}

interface Pack {
  readonly files: Map<string, Buffer>;
  /** Folders of the packages whose code is in them. */
  readonly packages: Set<string>;
}

/** A script and what it needs, as the file `output` and such as it loads when it runs. */
async function pack(entry: string, output: string): Promise<Pack> {
  const { code, assets, stats } = await ncc(entry, {
    cache: false,
    minify: true,
    quiet: true,
    // Types are checked by tsc, over the whole tree at once.
    transpileOnly: true,
  });
  const files = new Map([[output, Buffer.from(compiledAtOnce(code))]]);
  for (const [path, { source }] of Object.entries(assets)) files.set(path, Buffer.from(source));
  // google-gax's gRPC side brings its .proto files along; nothing reads them over REST.
  for (const path of files.keys()) if (!/^[\w.-]+$/.test(path)) files.delete(path);
  const { modules } = stats.toJson({
    all: false,
    modules: true,
    modulesSpace: Number.POSITIVE_INFINITY,
    nestedModules: true,
    nestedModulesSpace: Number.POSITIVE_INFINITY,
  });
  const packages = packagesIn(modules);
  for (const name of SERVED) if (files.has(`${name}.mjs`)) packages.add(join(root, 'node_modules', name));
  return { files, packages };
}

async function write(files: Map<string, Buffer>, target: string): Promise<void> {
  for (const [path, source] of files) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    // What is started by its name has to be executable.
    await writeFile(join(target, path), source, {
      mode: source.subarray(0, 2).equals(SHEBANG) ? 0o755 : 0o644,
    });
  }
}

async function isOnDisk(files: Map<string, Buffer>, target: string): Promise<boolean> {
  if (!existsSync(target)) return false;
  const there = await readdir(target, { recursive: true, withFileTypes: true });
  if (there.filter((entry) => entry.isFile()).length !== files.size) return false;
  for (const [path, source] of files) {
    const found = await readFile(join(target, path)).catch(() => undefined);
    if (!found?.equals(source)) return false;
  }
  return true;
}
