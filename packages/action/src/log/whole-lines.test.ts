import { describe, expect, it } from 'vitest';
import { wholeLines } from './whole-lines.ts';

function lines(...pieces: readonly string[]): string[] {
  const printed: string[] = [];
  const collector = wholeLines((text) => printed.push(text));
  for (const piece of pieces) collector.add(piece);
  collector.end();
  return printed.flatMap((text) => text.split('\n'));
}

describe('lines', () => {
  it.each([
    [['a\nb'], ['a', 'b']],
    [
      ['a\r', '\nb\r'],
      ['a', 'b'],
    ],
    [
      ['a\r', 'b\r\n', '\n'],
      ['a', 'b', ''],
    ],
    [['a', 'b', '\n'], ['ab']],
    [[''], []],
    [['\r'], ['']],
  ])('of %j are %j', (pieces, expected) => expect(lines(...pieces)).toEqual(expected));

  it('are the same however the text is cut', () => {
    const text = 'one\r\ntwo\rthree\n\r\n\n::error::four\r\r\nfive';
    const whole = lines(text);
    expect(whole).toEqual(text.split(/\r\n|\r|\n/));
    for (let at = 0; at <= text.length; at++) expect(lines(text.slice(0, at), text.slice(at))).toEqual(whole);
    expect(lines(...text)).toEqual(whole);
  });

  it('that never end are broken between words, and held no longer', () => {
    const printed: string[] = [];
    const collector = wholeLines((text) => printed.push(text));
    const text = `${'x'.repeat(99_990)} ##[stop-`.repeat(40);
    for (let at = 0; at < text.length; at += 1000) collector.add(text.slice(at, at + 1000));
    expect(printed.length).toBeGreaterThan(2);
    expect(text.length - printed.join('').length).toBeLessThan(1 << 20);
    collector.end();
    expect(printed.join('')).toBe(text);
    for (const line of printed.slice(0, -1)) expect(line).toMatch(/\s$/);
  });

  it('without any space are broken all the same, in no more time than their length takes', () => {
    const printed: string[] = [];
    const collector = wholeLines((text) => printed.push(text));
    for (let piece = 0; piece < 3_000_000; piece++) collector.add('x');
    collector.end();
    expect(printed.map(({ length }) => length)).toEqual([1 << 20, 1 << 20, 3_000_000 - (2 << 20)]);
  });
});
