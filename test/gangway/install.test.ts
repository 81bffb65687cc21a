import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundle = join(root, 'dist/gangway');
const folder = mkdtempSync(join(tmpdir(), 'gangway-install-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PLAIN = {
  openapi: '3.0.3',
  info: { title: 'T', version: '1' },
  paths: { '/a': { get: { operationId: 'a', responses: { 200: { description: 'ok' } } } } },
};
writeFileSync(join(folder, 'openapi.json'), JSON.stringify(PLAIN));

/** Nothing of this process's environment, so that nothing of this repository's helps. */
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  npm_config_cache: join(folder, 'cache'),
  npm_config_offline: 'true',
};

describe('the package gangway', () => {
  it('is packed, and installed from the tarball in an empty folder, without a network', () => {
    const options = { cwd: folder, env, encoding: 'utf8' } as const;
    const tarball = execFileSync('npm', ['pack', '--silent', bundle], options).trim();
    execFileSync(
      'npm',
      ['install', '--silent', '--global', '--prefix', join(folder, 'own'), tarball],
      options,
    );
    const gangway = (...args: string[]) => spawnSync(join(folder, 'own/bin/gangway'), args, options);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(gangway('--version').stdout).toBe(`${version}\n`);
    expect(gangway('openapi', 'check', 'openapi.json').status).toBe(0);
    expect(gangway('openapi', 'check', '--help').stdout).toContain('Examples:');
    const npx = spawnSync(
      'npx',
      ['--yes', `./${tarball}`, 'openapi', 'emit', 'openapi.json', '--yaml'],
      options,
    );
    expect(npx.stdout).toMatch(/^openapi: 3\.0\.3\n/);
  });

  it('is packed with the actions and workflows of its version, which go again afterwards', () => {
    const tarball = execFileSync('npm', ['pack', '--silent', bundle], {
      cwd: folder,
      env,
      encoding: 'utf8',
    }).trim();
    const listed = execFileSync('tar', ['--list', '--file', tarball], { cwd: folder, encoding: 'utf8' });
    for (const path of [
      'actions/deploy-cloud-run/action.yml',
      'dist/deploy-cloud-run/index.js',
      '.github/workflows/deploy-api.yml',
    ])
      expect(listed).toContain(`package/suite/${path}\n`);
    expect(existsSync(join(bundle, 'suite'))).toBe(false);
  });

  const old = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && isOld(path));
  it.skipIf(old === undefined)(
    'goes on in the Node 24 that it fetched, where it is started with an older one',
    () => {
      const { version, packages } = JSON.parse(readFileSync(join(bundle, 'node.json'), 'utf8'));
      const { name, integrity } = packages[`${process.platform}-${process.arch}`];
      expect(integrity).toMatch(/^sha512-/);
      const fetched = join(folder, `.cache/gangway/${name}-${version}/node_modules/${name}/bin`);
      mkdirSync(fetched, { recursive: true });
      symlinkSync(process.execPath, join(fetched, 'node'));
      const run = (...args: string[]) =>
        spawnSync(old ?? '', [join(bundle, 'index.js'), ...args], { cwd: folder, env, encoding: 'utf8' });
      expect(run('--version').stdout).toBe(
        `${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}\n`,
      );
      expect(run('openapi', 'check', 'gone.yaml').status).toBe(2);
      rmSync(join(folder, '.cache'), { recursive: true });
      const { status, stderr } = run('status');
      expect(status).toBe(2);
      expect(stderr).toMatch(/needs Node 24.*npm can't fetch node-linux-.*Install Node 24/s);
    },
  );

  it('brings its licences and no dependency, and stays small', () => {
    const manifest = JSON.parse(readFileSync(join(bundle, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
    const licenses = readFileSync(join(bundle, 'licenses.txt'), 'utf8');
    for (const name of ['commander', 'yaml', 'graphql', '@bufbuild/protobuf', '@vercel/ncc'])
      expect(licenses).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(statSync(join(bundle, 'openapi.mjs')).size).toBeLessThan(500_000);
    expect(statSync(join(bundle, 'main.mjs')).size).toBeLessThan(5_000_000);
    expect(readFileSync(join(bundle, 'openapi.mjs'), 'utf8')).not.toMatch(/node:https?"|eval\("require"\)/);
  });
});

function isOld(path: string): boolean {
  return Number(/^v(\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))?.[1]) < 22;
}

describe('the hook of pre-commit', () => {
  const [hook] = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8'));

  it.each([
    ['openapi.yaml', true],
    ['services/a/openapi-public.json', true],
    ['swagger.yml', true],
    ['my-openapi.yaml', false],
    ['openapi.ts', false],
  ])('looks at %s: %s', (path, wanted) => expect(new RegExp(hook.files).test(path)).toBe(wanted));

  it('runs in a copy of the repository as pre-commit runs it, with the changed files as arguments', () => {
    const [entry = '', ...args] = hook.entry.split(' ');
    mkdirSync(join(folder, 'hooks', dirname(entry)), { recursive: true });
    cpSync(bundle, join(folder, 'hooks', dirname(entry)), { recursive: true });
    chmodSync(join(folder, 'hooks', entry), 0o755);
    const run = (file: string) =>
      spawnSync(join(folder, 'hooks', entry), [...args, file], { cwd: folder, env, encoding: 'utf8' });
    writeFileSync(join(folder, 'openapi.yaml'), 'openapi: [');
    expect(run('openapi.json').status).toBe(0);
    expect(run('openapi.yaml')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^openapi\.yaml:1:\d+: error syntax/),
    });
  });
});
