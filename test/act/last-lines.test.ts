import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { runAct } from '@gangway/act';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';

// needs: act

const [act] = find('act');
const root = mkdtempSync(join(tmpdir(), 'gangway-act-'));
const repository = join(root, 'repository');
const action = join(root, 'action');
/** Steps of each kind in each job. Without the wrappers, act loses the output of about one in four failing steps when jobs run at once. */
const OF_EACH = 6;
const JOBS = ['one', 'other', 'third'];
const KINDS = [
  { name: 'bash', step: { shell: 'bash', run: 'echo "reason of bash."; exit 1' } },
  { name: 'sh', step: { shell: 'sh', run: 'echo "reason of sh."; exit 1' } },
  { name: 'python', step: { shell: 'python', run: 'print("reason of python."); exit(1)' } },
  { name: 'node', step: { uses: 'acme/fail@v1' } },
];

beforeAll(() => {
  const steps = KINDS.flatMap(({ step }) => Array(OF_EACH).fill({ ...step, 'continue-on-error': true }));
  const job = { 'runs-on': 'ubuntu-latest', steps };
  const workflow = { on: 'push', jobs: Object.fromEntries(JOBS.map((name) => [name, job])) };
  mkdirSync(join(repository, '.github/workflows'), { recursive: true });
  writeFileSync(join(repository, '.github/workflows/fail.yml'), JSON.stringify(workflow));
  mkdirSync(action);
  writeFileSync(join(action, 'action.yml'), 'name: fail\nruns: { using: node24, main: main.js }\n');
  writeFileSync(join(action, 'main.js'), 'console.log("reason of node."); process.exitCode = 1;\n');
  mkdirSync(join(root, 'home'));
  for (const folder of [repository, action]) {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
    git('init', '--quiet', '--initial-branch=main');
    git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
    git('add', '.');
    git('-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '--quiet', '--message=x');
  }
});
afterAll(() => rmSync(root, { recursive: true }));

it.runIf(act)('hears the last line of each step that fails', { timeout: 120_000 }, async () => {
  let printed = '';
  await runAct({
    act: act ?? '',
    directory: repository,
    args: [
      ...['push', '--platform', 'ubuntu-latest=-self-hosted', '--secret', 'GITHUB_TOKEN='],
      ...['--local-repository', `acme/fail@v1=${action}`],
    ],
    env: {
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: join(root, 'home'),
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
    },
    onEvent: ({ raw_output, msg = '' }) => {
      if (raw_output) printed += msg;
    },
  });
  const heard = KINDS.map(({ name }) => [name, printed.split(`reason of ${name}.`).length - 1]);
  const all = KINDS.map(({ name }) => [name, OF_EACH * JOBS.length]);
  expect(Object.fromEntries(heard)).toEqual(Object.fromEntries(all));
});
