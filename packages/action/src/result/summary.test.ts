import { describe, expect, it } from 'vitest';
import { step } from '../../test/step.ts';
import { seconds } from './summary.ts';

describe('seconds', () => {
  it.each([
    [0, '0.0 s'],
    [440, '0.4 s'],
    [9_940, '9.9 s'],
    [12_400, '12 s'],
    [99_400, '99 s'],
    [100_000, '1 min 40 s'],
    [119_700, '2 min 0 s'],
    [3_725_000, '62 min 5 s'],
  ])('%i ms are %s', (milliseconds, text) => expect(seconds(milliseconds)).toBe(text));
});

describe('the summary', () => {
  const markdown = new URL('../../../markdown/src/index.ts', import.meta.url).href;
  const write = (summary: object, details = 'undefined') =>
    step(`
      import { fence, table } from '${markdown}';
      const details = ${details};
      await action.run(() => action.writeSummary({ ...${JSON.stringify(summary)}, details }));`);

  it('holds title, lead, facts, details and times', async () => {
    await using result = await write(
      {
        title: 'Service hello',
        lead: 'Created.',
        facts: [
          ['URL', 'https://x'],
          ['Members', 'a|b\nc'],
        ],
        parts: [
          { name: 'build', milliseconds: 12_000 },
          { name: 'push', milliseconds: 1500 },
        ],
      },
      "table(['More'], [])",
    );
    expect(result.summary).toBe(
      [
        '### Service hello',
        '',
        'Created.',
        '',
        '| | |',
        '|---|---|',
        '| URL | https&#58;&#8203;//x |',
        '| Members | a&#124;b<br>c |',
        '',
        '| More |\n|---|',
        '',
        '<sub>14 s in all: build 12 s · push 1.5 s</sub>',
        '',
        '',
      ].join('\n'),
    );
  });

  it('is no longer than GitHub shows, and says so', async () => {
    const long = { title: 'T', lead: 'L', facts: [['a', 'b']], parts: [{ name: 'build', milliseconds: 1 }] };
    await using result = await write(long, "fence('x'.repeat(99).concat('\\n').repeat(20_000))");
    expect(Buffer.byteLength(result.summary)).toBeLessThanOrEqual(1024 * 1024);
    expect(Buffer.byteLength(result.summary)).toBeGreaterThan(1000 * 1024);
    expect(result.summary).toMatch(/x\n```\n\n_The rest is left out: GitHub shows at most 1 MiB._\n/);
  });

  it('leaves out what is empty', async () => {
    await using result = await write({ title: 'T', lead: 'L', facts: [], parts: [] });
    expect(result.summary).toBe('### T\n\nL\n\n');
  });

  it('is left out where there is no file for it', async () => {
    await using result = await step(`
      delete process.env.GITHUB_STEP_SUMMARY;
      await action.run(() => action.writeSummary({ title: 'T', lead: 'L', facts: [], parts: [] }));`);
    expect(result).toMatchObject({ exitCode: 0, summary: '' });
  });
});
