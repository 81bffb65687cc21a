import { describe, expect, it } from 'vitest';
import { seconds } from './summary.ts';
import { step } from './testing.ts';

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
  const write = (summary: object) =>
    step(`await action.run(() => action.writeSummary(${JSON.stringify(summary)}));`);

  it('holds title, lead, facts, details and times', async () => {
    await using result = await write({
      title: 'Service hello',
      lead: 'Created.',
      facts: [
        ['URL', 'https://x'],
        ['Members', 'a|b\nc'],
      ],
      details: '\n| More |\n|---|\n',
      parts: [
        { name: 'build', milliseconds: 12_000 },
        { name: 'push', milliseconds: 1500 },
      ],
    });
    expect(result.summary).toBe(
      [
        '### Service hello',
        '',
        'Created.',
        '',
        '| | |',
        '|---|---|',
        '| URL | https://x |',
        '| Members | a\\|b<br>c |',
        '',
        '| More |\n|---|',
        '',
        '<sub>14 s in all: build 12 s · push 1.5 s</sub>',
        '',
        '',
      ].join('\n'),
    );
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
