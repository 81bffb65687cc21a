import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Reached, reach } from './uses.ts';

const suite = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gangway-uses-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function reached(jobs: string, skipped: readonly string[] = []): Reached {
  const text = `on: push\njobs:\n${jobs}`;
  const places = { folder, suite, actions: [join(folder, 'actions')], skipped };
  return reach('.github/workflows/deploy.yml', text, parse(text).jobs, places);
}

const steps = (...lines: readonly string[]) =>
  `  a:\n    runs-on: ubuntu-latest\n    steps:\n${lines.map((line) => `      - ${line}\n`).join('')}`;

it('follows reusable workflows, own actions, and actions of others that are on the machine', () => {
  write('local/action.yml', 'runs: { using: composite, steps: [{ uses: acme/tool@v2 }] }');
  write('actions/acme/tool/action.yml', 'runs: { using: node24, main: index.js }');
  const { references, others, own, labels, problems } = reached(
    `${steps('uses: ./local', 'uses: $/local', 'uses: actions/checkout@v5', 'uses: actions/cache/restore@v5')}  b:\n    uses: gangway-dev/gangway/.github/workflows/deploy-api.yml@main\n`,
  );
  expect(problems).toEqual([]);
  expect([...references]).toEqual(['main']);
  expect([...own.keys()]).toEqual(['.github/workflows/deploy.yml', 'local/action.yml']);
  expect(others.get('acme/tool@v2')?.folder).toBe(join(folder, 'actions/acme/tool'));
  expect([...(others.get('actions/cache@v5')?.standIns.keys() ?? [])]).toEqual(['restore']);
  expect([...labels]).toContain('ubuntu-latest');
});

it.each([
  [steps('uses: acme/other@v1'), /acme\/other@v1, which is not on this machine.*--fetch.*--skip acme\/other/],
  [steps('uses: docker://alpine'), /docker:\/\/alpine: containers as actions can't run here/],
  [steps('uses: ./nowhere'), /\.\/nowhere: the repository has no nowhere/],
  [
    steps('uses: gangway-dev/gangway/actions/nothing@v1'),
    /gangway\/actions\/nothing.* has no actions\/nothing/,
  ],
  [steps('uses: nonsense'), /"nonsense", which is no action/],
  [
    '  a:\n    runs-on: x\n    services: { db: { image: postgres } }\n    steps: []\n',
    /the job "a" has services/,
  ],
])('names what is in the way: %s', (jobs, problem) => {
  expect(reached(jobs).problems.join('\n')).toMatch(problem);
});

it('leaves out what is to be skipped', () => {
  const { problems, others } = reached(steps('uses: acme/other@v1'), ['acme/other']);
  expect(problems).toEqual([]);
  expect(others.get('acme/other@v1')?.standIns.get('')?.run).toContain('is left out');
});
