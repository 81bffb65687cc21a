import { find } from '@gangway/engine';
import { expect, it } from 'vitest';
import { startFlyJob } from '../helpers/fly/fly-job.ts';

// needs: flyctl
// takes minutes

/** flyctl waits for half a minute before and after it takes the old machines away. */
it.skipIf(find('flyctl').length === 0)(
  'new machines that fall ill once they take the requests run the old image again, as many as before',
  async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ strategy: 'immediate', image: await fly.push() });
    const before = fly.machines();
    const { disturbances } = fly.job.cloud.fly;
    const { outputs, annotations } = await fly.deploy(
      { strategy: 'bluegreen', image: await fly.push(), rollback: 'true' },
      {
        fails: true,
        onLine: (line) => {
          if (line.includes('Waiting before stopping all blue machines'))
            disturbances.add({ group: 'app', checks: 'no disk' });
          if (line.includes('Going back to')) disturbances.clear();
        },
      },
    );
    expect(annotations.at(-1)?.message).toMatch(/^The machine \w+ fails its check \S+ critical: no disk\./);
    expect(outputs).toMatchObject({ rolled_back: 'true', release: '3' });
    const after = fly.machines();
    const known = before.map(({ id }) => id);
    // The old ones can't come back: the new ones stand in for them.
    expect(after.filter(({ id }) => known.includes(id))).toEqual([]);
    expect(after.map(({ digest, state }) => [digest, state])).toEqual(
      before.map(({ digest, state }) => [digest, state]),
    );
    for (const machine of fly.app.machines.values()) if (machine.active) expect(machine.cordoned).toBe(false);
  },
);
