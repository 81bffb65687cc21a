import { readLog } from '@gangway/runner';
import { describe, expect, it } from 'vitest';
import { harmless } from './harmless.ts';
import { hostileText, random } from './hostile.ts';

describe('a foreign text', () => {
  it.each([
    ['fine: a::b ## [x] # of ::', 'fine: a::b ## [x] # of ::'],
    ['a\n  ::error::b\n', 'a\n  | ::error::b\n'],
    ['\x85\xa0::stop-commands::b', '\x85\xa0| ::stop-commands::b'],
    ['a\r::stop-commands::b', 'a\r| ::stop-commands::b'],
    ['\xad:\u200b:stop-commands::b', '\xad| :\u200b:stop-commands::b'],
    ['compiling ##[stop-commands]b', 'compiling ##\\[stop-commands]b'],
    ['####[a]#\0#\xad[b]', '####\\[a]#\0#\xad\\[b]'],
    ['\n\n\t:\n::', '\n\n\t| :\n| ::'],
    ['::1 is localhost', '| ::1 is localhost'],
  ])('%j is printed as %j', (text, printed) => expect(harmless(text)).toBe(printed));

  it('holds no command, in 20,000 disguises, and loses nothing', () => {
    const next = random(12);
    let disguised = 0;
    for (let round = 0; round < 20_000; round++) {
      const text = hostileText(next);
      const printed = harmless(text);
      expect(readLog(printed).commands, JSON.stringify(text)).toEqual([]);
      // act's own patterns.
      expect(printed, JSON.stringify(text)).not.toMatch(/^(::[^ ]+( .+)?::|##\[[^ ]+( .+)?])/m);
      expect(printed.replaceAll('| :', ':').replaceAll('\\[', '[')).toBe(
        text.replaceAll('| :', ':').replaceAll('\\[', '['),
      );
      if (readLog(text).commands.length > 0) disguised++;
    }
    // The generator does its work.
    expect(disguised).toBeGreaterThan(5_000);
  });

  it('hides no command behind any character that ICU finds no weight in', () => {
    // .NET searches by ICU's collation, and so does this.
    const { compare } = new Intl.Collator('en');
    let weightless = 0;
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (compare('a', `a${character}`) !== 0) continue;
      weightless++;
      for (const text of [
        `:${character}:error::x`,
        `${character}::error::x`,
        `#${character}#${character}[error]x`,
      ])
        if (harmless(text) === text)
          throw new Error(`U+${code.toString(16)} passes: ${JSON.stringify(text)}`);
    }
    expect(weightless).toBeGreaterThan(400);
  });

  it.each([
    ['line ends', '\n'],
    ['form feeds', '\f'],
    ['colons', ':'],
    ['hashes', '#'],
    ['a hash and what has no weight', '#\xad'],
    ['a colon and what has no weight', `\n:${'\xad'.repeat(99)}`],
    ['words', 'word '],
  ])('of 20 MB of %s takes no longer than its length', (_, unit) => {
    const text = unit.repeat(20_000_000 / unit.length);
    const start = performance.now();
    harmless(`${text}x`);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
