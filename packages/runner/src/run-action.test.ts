import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runAction } from './run-action.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'runner-test-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** Writes an action of these scripts and runs it. */
async function run(
  main: string,
  {
    post,
    inputs = {},
    signal,
  }: { post?: string; inputs?: Record<string, string>; signal?: AbortSignal } = {},
) {
  await writeFile(
    join(directory, 'action.yml'),
    `inputs:\n  who: { default: world }\n  how often: {}\nruns: { using: node24, main: main.mjs${post ? ', post: post.mjs' : ''} }\n`,
  );
  const prelude = "import { appendFileSync } from 'node:fs';\nconst { env } = process;\n";
  await writeFile(join(directory, 'main.mjs'), prelude + main);
  if (post) await writeFile(join(directory, 'post.mjs'), prelude + post);
  const lines: string[] = [];
  const result = await runAction({
    action: directory,
    inputs,
    temp: directory,
    onLine: (line) => lines.push(line),
    ...(signal && { signal }),
  });
  return { ...result, lines };
}

describe('inputs', () => {
  it('are upper-cased, with defaults, and absent without one', async () => {
    const result = await run("console.log(env.INPUT_WHO, env['INPUT_HOW OFTEN'], env.INPUT_HOW_OFTEN)");
    expect(result.log).toBe('world undefined undefined');
    expect((await run('console.log(env.INPUT_HOW_OFTEN)', { inputs: { 'how often': '3' } })).log).toBe('3');
  });

  it('that the action does not have are warned of', async () => {
    expect((await run('', { inputs: { whom: 'x' } })).lines).toEqual(["Warning: Unexpected input(s) 'whom'"]);
  });
});

describe('the environment', () => {
  it('holds what the runner sets and nothing else of this process', async () => {
    process.env.OF_THIS_PROCESS = 'x';
    const result = await run(
      'console.log(env.GITHUB_ACTIONS, env.RUNNER_TEMP, env.GITHUB_WORKSPACE === process.cwd(), env.OF_THIS_PROCESS)',
    );
    delete process.env.OF_THIS_PROCESS;
    expect(result.log).toBe(`true ${directory} true undefined`);
  });
});

describe('file commands', () => {
  it('give outputs, state, environment, path and summary', async () => {
    const result = await run(`
      appendFileSync(env.GITHUB_OUTPUT, 'a=1=2\\nb<<END\\nx\\ny=z\\nEND\\n');
      appendFileSync(env.GITHUB_ENV, 'E=e\\n');
      appendFileSync(env.GITHUB_PATH, '/opt/x\\n');
      appendFileSync(env.GITHUB_STEP_SUMMARY, '# Done\\n');`);
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { a: '1=2', b: 'x\ny=z' },
      exported: { E: 'e' },
      path: ['/opt/x'],
      summary: '# Done\n',
    });
  });

  it('reach the post script as state', async () => {
    const result = await run("appendFileSync(env.GITHUB_STATE, 'file=/x y\\n')", {
      post: 'console.log(env.STATE_file, env.INPUT_WHO)',
    });
    expect(await result.post()).toMatchObject({ exitCode: 0, log: '/x y world' });
  });

  it('in a wrong format are refused', async () => {
    await expect(run("appendFileSync(env.GITHUB_OUTPUT, 'nothing\\n')")).rejects.toThrow(
      "Invalid format 'nothing'",
    );
  });
});

describe('workflow commands', () => {
  it('become annotations with their file and line', async () => {
    const result = await run(
      "console.log('::error file=a%3Ab.py,line=3,title=No%2C really::One%0ATwo'); process.exitCode = 1;",
    );
    expect(result.exitCode).toBe(1);
    expect(result.annotations).toEqual([
      { level: 'error', message: 'One\nTwo', properties: { file: 'a:b.py', line: '3', title: 'No, really' } },
    ]);
    expect(result.lines).toEqual(['Error: One', 'Two']);
  });

  it('mask a value, its lines and its encodings from then on', async () => {
    const result = await run(`
      console.log('::add-mask::se/cret%0Asecond');
      console.log('it is se/cret, second, ' + encodeURIComponent('se/cret'));
      console.log(Buffer.from('user:se/cret').toString('base64'));`);
    expect(result.masks).toEqual(['se/cret\nsecond']);
    expect(result.log).toMatch(/it is \*\*\*, \*\*\*, \*\*\*/);
    expect(result.log).toMatch(/dXNlcj\S*\*\*\*/);
  });

  it('are text after stop-commands, until its token', async () => {
    const result = await run(`
      for (const line of ['::stop-commands::Token-1', '::error::x', '::add-mask::secret', '##[token-1]', '::notice::y'])
        console.log(line);`);
    expect(result.log).toBe('::stop-commands::***\n::error::x\n::add-mask::secret\n##[token-1]\nNotice: y');
    expect(result.masks).toEqual([]);
    // Nobody masks it then.
    expect(result.written).toContain('secret');
    expect(result.commands.map(({ name }) => name)).toEqual(['stop-commands', 'token-1', 'notice']);
  });

  it.each(['', 'stop-commands', 'SET-ENV', 'pause-logging'])(
    'are not stopped by the token "%s", which fails the step',
    async (token) => {
      const result = await run(`console.log('::stop-commands::${token}'); console.log('::notice::y')`);
      expect(result.exitCode).toBe(1);
      expect(result.annotations.at(-1)).toMatchObject({ level: 'notice', message: 'y' });
    },
  );

  it('that set the environment of later steps are refused', async () => {
    const result = await run("console.log('::set-env name=A::b'); console.log('::add-path::/b')");
    expect(result).toMatchObject({ exitCode: 1, exported: {}, path: [] });
  });

  it('that are deprecated still set outputs and state', async () => {
    const result = await run("console.log('::set-output name=a::b'); console.log('##[save-state name=c]d')");
    expect(result).toMatchObject({ exitCode: 0, outputs: { a: 'b' }, state: { c: 'd' } });
  });

  it('begin lines that a carriage return ends, but no other separator', async () => {
    const result = await run(
      "process.stdout.write('a\\r::notice::b\\r'); process.stdout.write('\\nc\\u2028::notice::d\\n')",
    );
    expect(result.annotations.map(({ message }) => message)).toEqual(['b']);
    expect(result.lines).toEqual(['a', 'Notice: b', 'c\u2028::notice::d']);
  });

  it('are shown when they are to be echoed', async () => {
    const result = await run(
      "console.log('::echo::ON'); console.log('::group::g'); console.log('::debug::d'); console.log('::echo::off  '); console.log('::group::h')",
    );
    expect(result.lines).toEqual(['::group::g', '▸ g', '::echo::off  ', '▸ h']);
  });
});

it('is cancelled by SIGINT first, and its post script runs all the same', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 500);
  const result = await run(
    "process.on('SIGINT', () => { console.log('in good order'); process.exit(5); }); setInterval(() => {}, 1000);",
    {
      signal: controller.signal,
      post: "setTimeout(() => console.log('tidied'), 200)",
    },
  );
  expect(result).toMatchObject({ exitCode: 5, log: 'in good order' });
  expect(await result.post()).toMatchObject({ exitCode: 0, log: 'tidied' });
});
