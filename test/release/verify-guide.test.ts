import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checksums } from '../../scripts/release/checksums.ts';
import { GH_FLAGS } from './gh-flags.ts';
import { Sandbox } from './sandbox.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['docs/verify.md', 'SECURITY.md'].map((path) => readFileSync(join(root, path), 'utf8'));
const commands = pages
  .flatMap((page) => [...page.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, text = '']) => text))
  .flatMap((text) =>
    text
      .replaceAll(/ \\\n\s*/g, ' ')
      .trim()
      .split('\n'),
  );

describe('what docs/verify.md tells users to run', () => {
  it.each(commands.filter((command) => command.startsWith('gh ')))('is known to gh: %s', (command) => {
    const [, name = ''] = /^gh (\S+ \S+)/.exec(command) ?? [];
    const flags = [...command.matchAll(/ --([a-z-]+)/g)].map(([, flag]) => flag);
    expect(Object.keys(GH_FLAGS[name] ?? {})).toEqual(expect.arrayContaining(flags));
  });

  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = new Sandbox();
    await sandbox.release('v1.0.0', sandbox.commit('1.0.0'));
    cpSync(join(sandbox.folder, 'run-1/publish/temp/release/SHA256SUMS'), join(sandbox.clone, 'SHA256SUMS'));
  });
  afterAll(() => sandbox.remove());

  const check = () => {
    const script = commands.filter((command) => /^(sha256sum|git ls-files) /.test(command));
    expect(script).toHaveLength(2);
    const options = { cwd: sandbox.clone, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-e', '-o', 'pipefail', '-c', script.join('\n')],
      options,
    );
    return { status, output: stdout + stderr };
  };

  it('finds a checkout of a release good', () => {
    expect(check()).toEqual({ status: 0, output: '' });
  });

  it('finds a file that was added', () => {
    writeFileSync(join(sandbox.clone, 'dist/one/package.json'), '{ "type": "module" }');
    sandbox.git('add', 'dist');
    expect(check()).toMatchObject({ status: 1, output: expect.stringContaining('< dist/one/package.json') });
    sandbox.git('rm', '--quiet', '--force', 'dist/one/package.json');
    expect(check().status).toBe(0);
  });

  it('finds a file that was changed', () => {
    writeFileSync(join(sandbox.clone, 'dist/one/helper.sh'), 'echo evil\n');
    expect(check()).toMatchObject({
      status: 1,
      output: expect.stringContaining('dist/one/helper.sh: FAILED'),
    });
  });
});

describe('the list of files that run', () => {
  const listed = checksums('HEAD')
    .split('\n')
    .map((line) => line.slice(66));

  it('has every bundle, with all that lies beside it, and the action.yml that names it', () => {
    const bundled = execFileSync('git', ['ls-tree', '-r', '--name-only', 'HEAD', 'dist'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(listed).toEqual(expect.arrayContaining(bundled.trim().split('\n')));
    expect(listed.filter((path) => path.endsWith('.sh'))).not.toEqual([]);
    for (const action of readdirSync(join(root, 'actions'))) {
      const path = `actions/${action}/action.yml`;
      const { runs } = parse(readFileSync(join(root, path), 'utf8')) as {
        runs: { main: string; post?: string };
      };
      expect(listed).toContain(path);
      for (const script of [runs.main, runs.post].filter((name) => name !== undefined))
        expect(listed).toContain(join('actions', action, script));
    }
  });

  it('has the workflows that others call', () => {
    expect(listed).toEqual(
      expect.arrayContaining(['.github/workflows/deploy-api.yml', '.github/workflows/deploy-fly.yml']),
    );
  });
});
