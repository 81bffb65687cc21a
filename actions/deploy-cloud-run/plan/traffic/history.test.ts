import { describe, expect, it } from 'vitest';
import { REVISION } from '../../api/allocation.ts';
import type { Service } from '../../api/resources.ts';
import { servedBefore, withServed } from './history.ts';

/** A service after each of the shares, such as `v2=90,v3=10`, has served in turn, with the record that deploys made. */
function after(...steps: readonly string[]): Service {
  return steps.reduce<Service>((current, step) => {
    const traffic = step.split(',').map((item) => {
      const [revision = '', percent] = item.split('=');
      return { type: REVISION, revision, percent: Number(percent) };
    });
    return { annotations: withServed({}, current, true), traffic };
  }, {});
}

/** The steps of one canary of v3. */
const canary = (...shares: readonly number[]) => shares.map((share) => `v2=${100 - share},v3=${share}`);

describe('traffic: previous', () => {
  it.each<[string, readonly string[], Record<string, number>]>([
    ['a plain deploy', ['v1=100', 'v2=100'], { v1: 100 }],
    ['a canary in the middle', ['v1=100', 'v2=100', ...canary(10)], { v2: 100 }],
    ['a canary at its second step', ['v1=100', 'v2=100', ...canary(10, 50)], { v2: 100 }],
    ['a canary at its end', ['v1=100', 'v2=100', ...canary(10, 50), 'v3=100'], { v2: 100 }],
    [
      'a canary of many steps',
      ['v2=100', ...canary(1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50, 75), 'v3=100'],
      { v2: 100 },
    ],
    ['one who went back: forward', ['v2=100', ...canary(10, 50), 'v3=100', 'v2=100'], { v3: 100 }],
    ['shares that two had', ['v1=30,v2=70', 'v3=100'], { v1: 30, v2: 70 }],
  ])('after %s', (_, steps, expected) => expect(servedBefore(after(...steps), 's')).toEqual(expected));

  it('stays where a step went back to, until somebody moves it', () => {
    for (const steps of [
      ['v1=100', 'v2=100'],
      ['v1=100', 'v2=100', ...canary(10, 50)],
    ]) {
      const current = after(...steps);
      const back = servedBefore(current, 's');
      const traffic = Object.entries(back).map(([revision, percent]) => ({
        type: REVISION,
        revision,
        percent,
      }));
      const gone = { annotations: withServed({}, current, true, back), traffic };
      expect(servedBefore(gone, 's')).toEqual(back);
      // A step that changes other settings alone keeps that.
      const kept = { ...gone, annotations: withServed({}, gone, false) };
      expect(servedBefore(kept, 's')).toEqual(back);
      // By hand, and by the next deploy.
      const moved = { ...gone, traffic: [{ type: REVISION, revision: 'v9', percent: 100 }] };
      expect(servedBefore(moved, 's')).not.toEqual({ v9: 100 });
      const next = { annotations: withServed({}, gone, true), traffic: moved.traffic };
      expect(servedBefore(next, 's')).toEqual(back);
    }
  });

  it('says so where what serves has always served', () => {
    expect(() => servedBefore(after('v1=100', 'v1=50,v2=50', 'v1=100'), 's')).toThrow(
      's has no record of it',
    );
  });

  it('keeps the last ten', () => {
    const steps = Array.from({ length: 14 }, (_, index) => `v${index}=100`);
    expect(after(...steps).annotations?.['gangway.dev/served']?.split('; ')).toHaveLength(10);
  });
});
