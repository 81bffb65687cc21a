import { describe, expect, it } from 'vitest';
import { keepOutput } from './kept-output.ts';

describe('keepOutput', () => {
  it('keeps all of what is within the limit', () => {
    for (const whole of [true, false]) {
      const kept = keepOutput(6, whole);
      expect(kept.add('ab\n')).toBe(true);
      expect(kept.add('cd\n')).toBe(true);
      expect(kept.text()).toBe('ab\ncd\n');
    }
  });

  it('says when it is more than may be kept whole', () => {
    const kept = keepOutput(5, true);
    expect(kept.add('abc')).toBe(true);
    expect(kept.add('def')).toBe(false);
  });

  it('forgets whole lines from the beginning', () => {
    const kept = keepOutput(8, false);
    for (const line of ['one', 'two', 'three', 'four']) expect(kept.add(`${line}\n`)).toBe(true);
    expect(kept.text()).toBe('four\n');
  });

  it('holds little more than its limit, however the output comes', () => {
    for (const size of [1, 1000, 100_000]) {
      const kept = keepOutput(200_000, false);
      for (let written = 0; written < 1_000_000; written += size) kept.add('x'.repeat(size - 1).concat('\n'));
      expect(kept.text().length).toBeLessThanOrEqual(200_000);
      expect(kept.text().length).toBeGreaterThan(90_000);
    }
  });
});
