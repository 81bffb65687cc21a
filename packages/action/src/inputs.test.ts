import { afterEach, describe, expect, it, vi } from 'vitest';
import { step } from '../test/step.ts';
import { ActionError } from './error.ts';
import { input } from './inputs.ts';

afterEach(() => vi.unstubAllEnvs());

/** The error of a reader, or what it read. */
function read<T>(value: string, reader: (name: string) => T): T | ActionError {
  vi.stubEnv('INPUT_WORD', value);
  try {
    return reader('word');
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
}

const isInvalid = (hint: string) => expect.objectContaining({ code: 'input-invalid', hint });

describe('texts', () => {
  it('are trimmed, and absent when empty', () => {
    expect(read('  a b ', input.optional)).toBe('a b');
    expect(read('  ', input.optional)).toBeUndefined();
    expect(read(' x ', input.required)).toBe('x');
  });

  it('that are required are missed by name, with the hint of the caller or a general one', () => {
    expect(read('', input.required)).toMatchObject({
      code: 'input-missing',
      message: 'Input "word" is required and was empty.',
      hint: expect.stringContaining('set word under "with:"'),
    });
    expect(read('', (name) => input.required(name, 'go on'))).toMatchObject({ hint: 'go on' });
  });

  it('of a known shape are held against it', () => {
    const reader = (name: string) => input.matching(name, /^[a-z]+$/, 'write letters');
    expect(read('abc', reader)).toBe('abc');
    expect(read('a1', reader)).toEqual(isInvalid('write letters'));
    expect(read('', reader)).toMatchObject({ code: 'input-missing' });
  });

  it('that are long are quoted in part', () => {
    const error = read('x'.repeat(500), (name) => input.matching(name, /^y/, 'h')) as ActionError;
    expect(error.message).toBe(`Input "word" is not valid: "${'x'.repeat(120)}…".`);
  });
});

describe('booleans', () => {
  it.each(['true', 'True', 'TRUE'])('%s is true', (text) => expect(read(text, input.boolean)).toBe(true));
  it.each(['false', 'False', 'FALSE'])('%s is false', (text) =>
    expect(read(text, input.boolean)).toBe(false),
  );
  it.each(['', 'yes', '1', 'tRUE', 'true false'])('"%s" is neither', (text) =>
    expect(read(text, input.boolean)).toEqual(isInvalid('write true or false, or leave it out')),
  );
});

describe('whole numbers', () => {
  const reader = (name: string) => input.integer(name, { min: 0, max: 80 });
  it.each([
    ['', undefined],
    ['0', 0],
    ['80', 80],
    ['007', 7],
  ])('"%s" is %s', (text, value) => expect(read(text, reader)).toBe(value));
  it.each(['81', '-1', '1.5', '1e1', '0x10', 'ten', '٣'])('"%s" is none', (text) =>
    expect(read(text, reader)).toEqual(isInvalid('write a whole number from 0 to 80')),
  );
});

describe('durations', () => {
  it.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['10 m', 600_000],
    ['2h', 7_200_000],
    ['10m5s', 605_000],
    ['1h 30m', 5_400_000],
    ['1h0.5s', 3_600_500],
  ])('%s is %i ms', (text, value) => expect(read(text, input.duration)).toBe(value));
  it.each(['', '0', '0.0m', '-1s', '1d', '10ms', 's', '5s10m', '1h1h', '1h30'])('"%s" is none', (text) =>
    expect(read(text, input.duration)).toEqual(isInvalid('write a time such as 90s, 10m, 1h or 1h30m')),
  );
});

describe('choices', () => {
  const reader = (name: string) => input.choice(name, ['auto', 'never']);
  it('are among the words', () => expect(read('never', reader)).toBe('never'));
  it.each(['', 'Auto', 'au'])('"%s" is none of them', (text) =>
    expect(read(text, reader)).toEqual(isInvalid('write one of auto, never')),
  );
});

describe('lines and lists', () => {
  it('have no empty lines and no comments', () => {
    expect(read('a, b\r\n\n  # not this\n c#d ', input.lines)).toEqual(['a, b', 'c#d']);
  });

  it('have lines that begin with # where they are words', () => {
    expect(read('#a\r\n\n  # b ', input.words)).toEqual(['#a', '# b']);
  });

  it('are separated by commas too', () => {
    expect(read('a, b,\nc,,d', input.list)).toEqual(['a', 'b', 'c', 'd']);
    expect(read('', input.list)).toEqual([]);
  });
});

describe('pairs', () => {
  it('are parted at the first equals sign', () => {
    expect(read('A=1\nB = x=y=\nC=', input.pairs)).toEqual({ A: '1', B: 'x=y=', C: '' });
  });

  it('may have the names that objects have', () => {
    const pairs = read('constructor=c\n__proto__=p', input.pairs);
    expect(Object.entries(pairs)).toEqual([
      ['constructor', 'c'],
      ['__proto__', 'p'],
    ]);
  });

  it.each(['A', '=1'])('"%s" is none', (text) =>
    expect(read(text, input.pairs)).toMatchObject({
      code: 'input-invalid',
      message: 'Input "word" is not valid: line 1 is not NAME=VALUE.',
      hint: expect.stringContaining('write one NAME=VALUE per line'),
    }),
  );

  it('may be there once only', () => {
    expect(read('A=1\nB=2\nA=3', input.pairs)).toMatchObject({
      message: 'Input "word" is not valid: line 3 has a name that an earlier line has.',
      hint: 'keep one',
    });
  });

  it('may be on one line, or none', () => {
    expect(read('A=1,B=2', input.pairList)).toEqual({ A: '1', B: '2' });
    expect(read(' {} ', input.pairList)).toEqual({});
    expect(read(',', input.pairList)).toBeUndefined();
    expect(read('', input.pairList)).toBeUndefined();
  });
});

describe('secrets', () => {
  it('are masked when they are read', async () => {
    await using result = await step(
      "await action.run(async () => console.log(action.input.secrets('word', /^[A-Z]+$/).TOKEN));",
      { inputs: { word: 'TOKEN=open=sesame' } },
    );
    expect(result.log).toMatch(/^\*\*\*$/m);
    expect(result.log).not.toContain('sesame');
    expect(result.masks).toEqual(['open=sesame']);
  });

  it.each(['KEY=-----BEGIN\nMIIEvQIBADAN', 'KEY=-----BEGIN\nMIIEvQIBADAN=='])(
    'show in no error, neither a half of one nor one whose name is not valid',
    async (word) => {
      await using result = await step(
        "await action.run(async () => action.input.secrets('word', /^[A-Z]+$/));",
        {
          inputs: { word },
        },
      );
      expect(result.annotations[0]?.message).toMatch(
        /^Input "word" is not valid: line 2 is not NAME=VALUE\.\nTo fix it: /,
      );
      expect(result.written).not.toContain('MIIEvQIBADAN');
    },
  );
});
