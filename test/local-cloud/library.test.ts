import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundle = join(root, 'dist/emulator');
const folder = mkdtempSync(join(tmpdir(), 'gangway-library-'));
/** Nothing of this process's environment, so that nothing of this repository's helps. */
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  npm_config_cache: join(folder, 'cache'),
  npm_config_offline: 'true',
  NO_COLOR: '1',
};
const [example = '', code = ''] = [
  ...readFileSync(join(root, 'packages/emulator/README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms),
].map(([, text = '']) => text);

beforeAll(() => {
  const tarball = execFileSync('npm', ['pack', '--silent', bundle], { cwd: folder, env, encoding: 'utf8' });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  execFileSync('npm', ['install', '--silent', '--no-audit', tarball.trim()], { cwd: folder, env });
  // What a project of its own has from the registry.
  for (const name of ['vitest', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  writeFileSync(join(folder, 'secret.test.ts'), example);
  writeFileSync(join(folder, 'read-secret.ts'), code);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the packed library in another project', () => {
  it('runs the example of its README in that project’s vitest', () => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/Tests +1 passed/);
  });

  it('has types under which the example compiles strictly, and a mistake does not', () => {
    const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
    const compilerOptions = {
      ...strict,
      module: 'nodenext',
      target: 'es2022',
      types: ['node'],
      noEmit: true,
    };
    const files = ['secret.test.ts', 'read-secret.ts', 'wrong.ts'];
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    writeFileSync(
      join(folder, 'wrong.ts'),
      "import { startCloud } from '@gangway/emulator';\nawait startCloud({ prot: 1 });\nexport {};\n",
    );
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    const errors = stdout
      .split('\n')
      .filter((line) => /^\S/.test(line) && !line.includes('node_modules/vite'));
    expect(errors).toEqual([expect.stringMatching(/^\S*wrong\.ts\(2,.*'prot' does not exist/)]);
  });

  const nodes = ['/usr/bin/node', '/usr/local/bin/node', process.execPath].filter((path) => existsSync(path));
  it.each(nodes)('starts in the Node of %s, deploys, and leaves no file and no listener', (node) => {
    const script = `
      import { readdirSync } from 'node:fs';
      import { startCloud } from '@gangway/emulator';
      const before = readdirSync(process.env.TMPDIR);
      const cloud = await startCloud({ seed: { repositories: ['europe-west1/apis'] }, realHosts: true });
      const token = (await import('node:fs')).readFileSync(cloud.environment.CLOUDSDK_AUTH_ACCESS_TOKEN_FILE, 'utf8');
      const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' };
      const api = cloud.origin + '/apigateway/v1/projects/demo-project/locations/global/apis';
      const made = await fetch(api + '?apiId=shop', { method: 'POST', headers, body: '{}' });
      const push = await fetch(cloud.origin + '/v2/', { headers });
      const { repositories } = cloud.resources();
      const remains = await cloud.close();
      const left = readdirSync(process.env.TMPDIR).filter((name) => !before.includes(name));
      console.log(JSON.stringify({ version: process.version, made: made.status, push: push.status, repositories, remains, left }));
    `;
    writeFileSync(join(folder, 'start.mjs'), script);
    const temp = mkdtempSync(join(folder, 'temp-'));
    const { stdout, stderr, status } = spawnSync(node, ['start.mjs'], {
      cwd: folder,
      env: { ...env, TMPDIR: temp },
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      made: 200,
      push: 200,
      repositories: [{ images: 0 }],
      remains: [],
      left: [],
    });
  });

  it('says which port is in use, and names a seed that can not be made', () => {
    const script = `
      import { startCloud } from '@gangway/emulator';
      const { origin, close } = await startCloud();
      for (const options of [{ port: Number(new URL(origin).port) }, { seed: { repositories: ['apis'] } }])
        await startCloud(options).then(() => console.log('started'), (error) => console.log(error.message));
      await close();
    `;
    writeFileSync(join(folder, 'refused.mjs'), script);
    const { stdout } = spawnSync(process.execPath, ['refused.mjs'], { cwd: folder, env, encoding: 'utf8' });
    expect(stdout).toMatch(
      /^listen EADDRINUSE.*\n"apis" is not a repository of Artifact Registry: LOCATION\/NAME\.\n$/,
    );
  });

  it('brings its licences and no dependency, and stays small', () => {
    const installed = join(folder, 'node_modules/@gangway/emulator');
    expect(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))).not.toHaveProperty(
      'dependencies',
    );
    const licenses = readFileSync(join(installed, 'licenses.txt'), 'utf8');
    for (const name of ['yaml', 'graphql', '@bufbuild/cel', '@vercel/ncc'])
      expect(licenses).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(statSync(join(installed, 'index.js')).size).toBeLessThan(2_500_000);
  });
});
