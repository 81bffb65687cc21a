import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { expect, it } from 'vitest';

// some tests need: act

const run = promisify(execFile);
const [act] = find('act');
const ACTION = new URL('../../packages/action/src/index.ts', import.meta.url).href;

/** What a program prints and what the step does meanwhile, in a way that a runner must not confuse. */
const SCRIPT = `import { command, log, mask, run } from '${ACTION}';
await run(async () => {
  for (const text of ['##[stop-commands]theirs', '::stop-commands::theirs', '::set-output name=theirs::yes', '\\\\r::stop-commands::theirs'])
    await command('printf', [text + '\\\\n']);
  await command('printf', ['##[set-output name=theirs]']);
  mask('renewed-in-between');
  await command('echo', ['a renewed-in-between z']);
});
`;

it.runIf(act)('of a program does not command act either, and its end is the end of the block', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-act-'));
  try {
    const files = {
      'action/action.yml': 'name: a\ndescription: b\nruns: { using: node24, main: main.mjs }\n',
      'action/main.mjs': SCRIPT,
      'job/.github/workflows/job.yml': `on: workflow_dispatch
jobs:
  job:
    runs-on: ubuntu-latest
    steps:
      - { id: one, uses: example/action@v1 }
      - { id: two, run: 'echo "::set-output name=own::yes"; echo renewed-in-between' }
`,
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    await run('git', ['init', '-q', '-b', 'main'], { cwd: join(folder, 'job') });
    const { stdout } = await run(
      act ?? '',
      [
        ...[
          'workflow_dispatch',
          '--json',
          '--rm',
          '--platform',
          'ubuntu-latest=-self-hosted',
          '--pull=false',
        ],
        ...['--action-offline-mode', '--no-cache-server', '--secret', 'GITHUB_TOKEN='],
        ...['--local-repository', `example/action@v1=${join(folder, 'action')}`],
      ],
      {
        cwd: join(folder, 'job'),
        env: { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter), HOME: folder },
      },
    );
    const events = stdout
      .split('\n')
      .filter(Boolean)
      .map(
        (line) => JSON.parse(line) as { msg: string; command?: string; name?: string; raw_output?: boolean },
      );
    const printed = events.filter(({ raw_output: raw }) => raw).map(({ msg }) => msg.trimEnd());
    expect(printed).toContain('##\\[stop-commands]theirs');
    expect(printed).toContain('a *** z');
    // The block of the first step is closed: act keeps one state for a whole job.
    expect(events.filter(({ command }) => command === 'set-output').map(({ name }) => name)).toEqual(['own']);
    expect(
      events
        .filter(({ command }) => command !== 'add-mask' && command !== undefined)
        .map(({ command }) => command),
    ).not.toContain('ignored');
    expect(printed.join('\n')).not.toContain('renewed-in-between');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
