import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cancelAt, step } from '../../test/step.ts';

const TEXTS = 10_000;
const SEED = 2;
/** One in so many texts is followed by something of the step's own. */
const OWN = 80;

describe('what a program prints', () => {
  it('is no command, wherever it is cut, and shows no secret that is renewed in between', async () => {
    const module = (name: string) => new URL(`./${name}.ts`, import.meta.url).href;
    await using result = await step(
      `
      import { createHash } from 'node:crypto';
      import { show } from '${module('console')}';
      import { hostileText, random } from '${module('hostile')}';
      import { wholeLines } from '${module('whole-lines')}';
      await action.run(async () => {
        const next = random(${SEED});
        const outputs = [wholeLines(show), wholeLines(show)];
        let secret = 'none-so-far';
        for (let round = 0; round < ${TEXTS}; round++) {
          let text = hostileText(next) + secret;
          while (text !== '') {
            const cut = 1 + Math.floor(next() * text.length);
            outputs[Math.floor(next() * 2)].add(text.slice(0, cut));
            text = text.slice(cut);
          }
          if (round % ${OWN} !== 0) continue;
          const own = round / ${OWN} % 4;
          if (own === 0) action.mask(secret = createHash('sha256').update(String(round)).digest('hex'));
          if (own === 1) action.log.error(hostileText(next), { title: hostileText(next), file: 'a,b:c' });
          if (own === 2) action.log.info(hostileText(next));
          if (own === 3) await action.log.group(hostileText(next), async () => action.log.debug(hostileText(next)));
        }
        for (const output of outputs) output.end();
      });`,
    );
    expect(result.exitCode).toBe(0);
    const rounds = Array.from({ length: TEXTS / OWN }, (_, index) => index * OWN);
    const secrets = rounds
      .filter((_, index) => index % 4 === 0)
      .map((round) => createHash('sha256').update(String(round)).digest('hex'));
    expect(result.masks).toEqual(secrets);
    const own = ['add-mask', 'error', undefined, 'group debug endgroup'];
    const { commands } = result;
    const tokens = commands.filter(({ name }) => name === 'stop-commands').map(({ value }) => value);
    expect(new Set(tokens).size).toBe(tokens.length);
    // The blocks are opened and closed in pairs, and nothing is carried out inside.
    const names = commands.map(({ name }) => name);
    for (const token of tokens)
      expect(names.indexOf(token)).toBe(names.findIndex((_, at) => commands[at]?.value === token) + 1);
    expect(names.filter((name) => name !== 'stop-commands' && !tokens.includes(name)).join(' ')).toBe(
      rounds.flatMap((_, index) => own[index % 4] ?? []).join(' '),
    );
    // A secret is shown only cut in two, which nobody can mask.
    for (const secret of secrets) expect(result.written).not.toContain(secret);
    expect(result.log.split('***').length).toBeGreaterThan(TEXTS / 10);
  }, 120_000);

  it('is one block as long as the step says nothing', async () => {
    await using result = await step(`
      await action.run(async () => {
        action.log.info('a');
        await action.command('echo', ['b']);
        await action.command('echo', ['c']);
        action.log.output('d\\r\\ne\\n');
        action.log.info('f');
        action.log.output('g');
      });`);
    expect(result.log.split('\n')).toEqual([
      ...['a', '::stop-commands::***', '[command]echo b', 'b', '[command]echo c', 'c', 'd', 'e', '::***::'],
      ...['f', '::stop-commands::***', 'g', '::***::'],
    ]);
  });

  it('ends with the step, also when that fails', async () => {
    await using result = await step(`
      await action.run(async () => {
        action.log.output('a');
        throw new action.ActionError('No.', { code: 'x' });
      });`);
    expect(result.log).toBe('::stop-commands::***\na\n::***::\nError: No.');
  });

  it('ends with the step that is cancelled, and is not reopened by a program that stays behind', async () => {
    const cancel = cancelAt('working');
    await using result = await step(
      `await action.run(() => action.command('sh', ['-c', 'trap "" INT; echo working; while :; do echo still; sleep 0.01; done'],
        { evenIfCancelled: true }));`,
      cancel,
    );
    expect(result.exitCode).toBe(130);
    expect(result.log).toMatch(
      /\nstill\n::\*\*\*::\nError: The step was cancelled\.[^\n]*\nTo fix it:[^\n]*$/,
    );
  });

  it('is never glued to what the step says', async () => {
    await using result = await step(`
      await action.run(async () => {
        await action.command('printf', ['##[']);
        action.log.info('warning]x');
        await action.command('printf', [':']);
        action.log.warning('y');
      });`);
    expect(result.annotations.map(({ message }) => message)).toEqual(['y']);
  });
});

describe('a secret that looks like a command', () => {
  const SECRETS = [
    'hunter2-abc##[def-7777-secret',
    'ключ:часть:секрет77',
    '::error::hunter2-secret',
    '#[hunter2-bracket',
  ];

  it.each(SECRETS)('is hidden whole, wherever it stands: %s', async (secret) => {
    const lines = ['', 'a ', '#', ' ', ': '].map((before) => `${before}${secret} after`);
    await using result = await step(`
      await action.run(async () => {
        const text = ${JSON.stringify(lines.join('\n'))};
        action.mask(${JSON.stringify(secret)});
        action.log.output(text);
        action.log.info(text);
        action.log.warning(text, { title: text });
        throw new action.ActionError(text, { code: 'x' });
      });`);
    const parts = secret.split(/[[:]/).filter((part) => part.length > 4);
    for (const part of parts) expect(result.log).not.toContain(part);
    expect(result.log).toContain('*** after');
  });
});

describe('what libraries and Node.js print', () => {
  it('is shown as foreign, but a mask is a mask', async () => {
    await using result = await step(`
      await action.run(async () => {
        action.log.output('before');
        process.stdout.write('::add-mask::hidden-value\\n');
        process.stdout.write(Buffer.from('::err'));
        process.stderr.write('::warning::a\\n');
        process.stdout.write('or::b hidden-value');
        process.emitWarning('c\\n::notice::d', { code: 'X' });
        await new Promise((resolve) => setTimeout(resolve, 50));
        await new Promise((resolve) => process.stdout.write('last', resolve));
      });`);
    expect(result.annotations).toEqual([]);
    expect(result.masks).toEqual(['hidden-value']);
    expect(result.log.split('\n')).toEqual([
      ...['::stop-commands::***', 'before', '::***::', '::stop-commands::***', '| ::warning::a'],
      ...['Node.js: Warning: c', '| ::notice::d', '| ::error::b ***last', '::***::'],
    ]);
  });
});

it('every word of the log goes through one door', async () => {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  // What actions are made of.
  const packages = [
    ...[
      'action',
      'auth',
      'dockerfile',
      'files',
      'fly',
      'github',
      'google-cloud',
      'http',
      'markdown',
      'openapi',
    ],
    'registry',
  ];
  const folders = ['actions', ...packages.map((name) => `packages/${name}/src`)];
  // `ask` runs programs in silence; the last one is a program of its own, which Docker asks for credentials.
  const doors = [
    'packages/action/src/command/ask.ts',
    'packages/action/src/log/console.ts',
    'packages/action/src/run.ts',
    'packages/registry/src/docker/credential-server.ts',
  ];
  const found: string[] = [];
  for (const folder of folders) {
    for (const name of await readdir(`${root}/${folder}`, { recursive: true })) {
      const path = `${folder}/${name.replaceAll('\\', '/')}`;
      if (!/(?<!\.test)\.ts$/.test(path) || path.includes('node_modules') || doors.includes(path)) continue;
      const text = await readFile(`${root}/${path}`, 'utf8');
      for (const [index, line] of text.split('\n').entries())
        if (PAST_THE_DOOR.test(line)) found.push(`${path}:${index + 1}: ${line.trim()}`);
    }
  }
  expect(found).toEqual([]);
});

/** Writes to the log, starts a program that may write to it, or has @actions/* do either. */
const PAST_THE_DOOR =
  /process\.(?:stdout|stderr|_rawDebug)\b|\bconsole\.\w+\(|\bcore\.(?:info|notice|warning|error|debug|setSecret|group|startGroup|endGroup|setFailed|setCommandEcho|exportVariable)\b|stdio: '(?:inherit|overlapped)'|import (?:\* as \w+|\{[^}]*\b(?:info|notice|warning|error|debug|setSecret|group|startGroup|setFailed)\b[^}]*\}) from '@actions\/core'|import \{[^}]*\bexec\b[^}]*\} from '@actions\/exec'/;
