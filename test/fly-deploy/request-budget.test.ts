import { find } from '@gangway/engine';
import { expect, it } from 'vitest';
import { startFlyApp } from '../../scripts/bench/fly-app.ts';

// needs: flyctl

const [flyctl] = find('flyctl');

/** Counted by who asks: how often flyctl itself looks is a matter of time. */
it.skipIf(!flyctl)(
  `adds at most 15 requests to flyctl's on three machines${flyctl ? '' : ' (skipped: no flyctl)'}`,
  async () => {
    await using app = await startFlyApp(flyctl ?? '');
    const bare = await app.bare();
    expect(bare.requests.own).toEqual([]);
    expect(
      bare.requests.flyctl.filter((request) => request === 'POST /v1/apps/bench/machines/ID'),
    ).toHaveLength(3);
    const { requests, answers } = await app.action();
    expect(requests.own.length, requests.own.join('\n')).toBeLessThanOrEqual(15);
    expect(answers).toBe(1);
    // An image that runs already costs no more, and flyctl asks nothing.
    const same = await app.unchanged();
    expect(same.requests.own.length, same.requests.own.join('\n')).toBeLessThanOrEqual(15);
    expect(same.requests.flyctl).toEqual([]);
    // What tells the truth is among them, and flyctl is not made to ask more.
    expect(
      requests.own.filter((request) => request === 'GET /v1/apps/bench/machines').length,
    ).toBeGreaterThan(1);
    expect(new Set(requests.flyctl.map(named))).toEqual(new Set(bare.requests.flyctl.map(named)));
  },
);

function named(request: string): string {
  return request.replace(/releases\/.*/, 'releases/ID');
}
