import { describe, expect, it } from 'vitest';
import { plan, type Step } from './plan.ts';
import type { Action, Member, MemberState } from './types.ts';

function member(
  name: string,
  template: string,
  state: MemberState = 'NONE',
  more: Partial<Member> = {},
): Member {
  return { name, zone: 'z', template, version: undefined, state, since: 0, streak: 0, errors: [], ...more };
}

const POLICY = { type: 'PROACTIVE', minimalAction: 'REPLACE', replacementMethod: 'SUBSTITUTE' } as const;

function steps(
  size: number,
  counts: Readonly<Record<string, number>>,
  members: readonly Member[],
  { surge = 1, unavailable = 0, needed = 'REPLACE' as Action, ...policy } = {} as Record<string, never>,
): string[] {
  const versions = Object.entries(counts).map(([template, count]) => ({ name: undefined, template, count }));
  return plan({
    ...{ size, versions, surge, unavailable, members },
    policy: { ...POLICY, ...policy },
    needed: (from, to) => (from === to ? 'NONE' : needed),
  }).map(shown);
}

function shown(step: Step): string {
  if (step.do === 'create') return `create ${step.version.template}`;
  if (step.do === 'delete') return `delete ${step.member.name}`;
  return `${step.action} ${step.member.name} to ${step.version.template}`;
}

const OLD = [member('a', 'old'), member('b', 'old')];

describe('a group', () => {
  it('is filled, and made smaller', () => {
    expect(steps(2, { old: 2 }, [])).toEqual(['create old', 'create old']);
    expect(steps(1, { old: 1 }, OLD)).toHaveLength(1);
    expect(steps(2, { old: 2 }, OLD)).toEqual([]);
  });

  it('gives up first what does not serve', () => {
    expect(steps(1, { old: 1 }, [member('a', 'old'), member('b', 'old', 'CREATING')])).toEqual(['delete b']);
  });

  it('is updated with a surge, one after the other', () => {
    expect(steps(2, { new: 2 }, OLD)).toEqual(['create new']);
    expect(steps(2, { new: 2 }, [...OLD, member('c', 'new', 'CREATING')])).toEqual([]);
    expect(steps(2, { new: 2 }, [...OLD, member('c', 'new', 'VERIFYING', { health: 'UNKNOWN' })])).toEqual(
      [],
    );
    expect(steps(2, { new: 2 }, [...OLD, member('c', 'new')])).toEqual(['delete a']);
    expect(steps(2, { new: 2 }, [member('b', 'old'), member('c', 'new')])).toEqual(['create new']);
    // The last one stays until the one in its place serves.
    const last = [member('b', 'old'), member('c', 'new'), member('d', 'new', 'CREATING')];
    expect(steps(2, { new: 2 }, last)).toEqual([]);
    expect(steps(2, { new: 2 }, [member('b', 'old'), member('c', 'new'), member('d', 'new')])).toEqual([
      'delete b',
    ]);
  });

  it('is updated without a surge, by what may be missing', () => {
    const policy = { surge: 0, unavailable: 1 } as never;
    expect(steps(2, { new: 2 }, OLD, policy)).toEqual(['delete a']);
  });

  it('keeps names where instances are made again in place', () => {
    const policy = { surge: 0, unavailable: 1, replacementMethod: 'RECREATE' } as never;
    expect(steps(2, { new: 2 }, OLD, policy)).toEqual(['REPLACE a to new']);
    expect(steps(2, { new: 2 }, [member('a', 'new', 'RECREATING'), member('b', 'old')], policy)).toEqual([]);
  });

  it('does no more than an update needs and allows', () => {
    const restart = { surge: 0, unavailable: 2, minimalAction: 'RESTART', needed: 'REFRESH' } as never;
    expect(steps(2, { new: 2 }, OLD, restart)).toEqual(['RESTART a to new', 'RESTART b to new']);
    const held = {
      surge: 0,
      unavailable: 2,
      minimalAction: 'RESTART',
      mostDisruptiveAllowedAction: 'RESTART',
    } as never;
    expect(steps(2, { new: 2 }, OLD, held)).toEqual([]);
  });

  it('has a canary of as many as are asked for', () => {
    expect(steps(2, { old: 1, new: 1 }, OLD)).toEqual(['create new']);
    expect(steps(2, { old: 1, new: 1 }, [...OLD, member('c', 'new')])).toHaveLength(1);
    expect(steps(2, { old: 1, new: 1 }, [member('a', 'old'), member('c', 'new')])).toEqual([]);
  });

  it('leaves its instances alone where an update is only for new ones, but for what is asked', () => {
    const policy = { type: 'OPPORTUNISTIC' } as never;
    expect(steps(2, { new: 2 }, OLD, policy)).toEqual([]);
    expect(steps(3, { new: 3 }, OLD, policy)).toEqual(['create new']);
    expect(
      steps(2, { new: 2 }, [member('a', 'old', 'NONE', { asked: 'REPLACE' }), member('b', 'old')], policy),
    ).toEqual(['REPLACE a to new']);
  });
});
