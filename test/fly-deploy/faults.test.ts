import { find } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { type FlyJob, startFlyJob } from '../helpers/fly/fly-job.ts';

// needs: flyctl

const MACHINE = '\\/v1\\/apps\\/hello\\/machines\\/\\w+';
const QUICK = { wait_timeout: '4s', verify: 'false' };
const MIGRATING = `app = "hello"
primary_region = "iad"
[deploy]
release_command = "migrate"
`;

interface Case {
  readonly fault: string;
  readonly inject: (fly: FlyJob) => void;
  /** What the step says; undefined where it succeeds all the same. */
  readonly says: RegExp | undefined;
  readonly toml?: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** A fault of the API, as often as it is met. */
function api(match: RegExp, status: number, error: string, times = 1): (fly: FlyJob) => void {
  return ({ job }) => job.cloud.faults.add({ match, times, status, body: { error } });
}

const CASES: readonly Case[] = [
  {
    fault: 'a wait that runs out at first',
    inject: api(new RegExp(`^GET ${MACHINE}\\/wait`), 408, 'deadline_exceeded', 2),
    says: undefined,
  },
  {
    fault: 'a rate limit that is met once',
    inject: api(/^GET \/v1\/apps\/hello\/machines$/, 429, 'rate limit exceeded'),
    says: undefined,
  },
  {
    fault: 'a payment that is due',
    inject: api(new RegExp(`^POST ${MACHINE}$`), 422, 'We need your payment information to continue!', 20),
    says: /could not deploy hello[\s\S]*payment information/,
    inputs: { strategy: 'immediate' },
  },
  {
    fault: 'an image that Fly does not find',
    inject: ({ job }) =>
      job.cloud.fly.disturbances.add({
        query: { text: 'image(ref:', body: { data: { app: { id: 'hello', image: null } } } },
      }),
    says: /could not deploy hello: exit code 1; no machine was changed[\s\S]*could not find image/,
  },
  {
    fault: 'a machine that is not found in the middle',
    inject: ({ job }) => {
      // Not at once: the step itself looks at the machines first.
      const get = new RegExp(`^GET ${MACHINE}$`);
      job.cloud.faults.add({ match: get, times: 50, status: 404, body: { error: 'machine not found' } });
    },
    says: /could not deploy hello[\s\S]*machine not found/,
  },
  {
    fault: 'a machine whose host does not answer',
    inject: (fly) =>
      fly.job.cloud.fly.disturbances.add({ machine: fly.machines()[0]?.id ?? '', hostStatus: 'unreachable' }),
    says: undefined,
  },
  {
    fault: 'a release command that runs out of memory',
    toml: MIGRATING,
    inject: ({ job }) =>
      job.cloud.fly.disturbances.add({
        group: 'fly_app_release_command',
        exit: { code: 137, oomKilled: true },
      }),
    says: /137/,
  },
  {
    fault: 'a release command that nobody remembers',
    toml: MIGRATING,
    inject: ({ job }) => job.cloud.fly.disturbances.add({ group: 'fly_app_release_command', vanishes: true }),
    says: /could not deploy hello: exit code 1; no machine was changed/,
  },
];

describe.skipIf(find('flyctl').length === 0)('a deploy to Fly.io (needs flyctl)', () => {
  it.each(CASES)(
    'meets $fault, and a run after it converges',
    async ({ inject, says, toml, inputs = {} }) => {
      await using fly = await startFlyJob(toml);
      await fly.deploy({ ...QUICK, strategy: 'immediate', image: await fly.push() });
      const image = await fly.push();
      inject(fly);
      const met = await fly.deploy({ ...QUICK, image, ...inputs }, { fails: 'either' });
      if (says) expect(`${met.exitCode} ${met.annotations.at(-1)?.message}`).toMatch(says);
      else expect(met.exitCode, met.log).toBe(0);

      fly.job.cloud.faults.clear();
      fly.job.cloud.fly.disturbances.clear();
      await fly.deploy({ ...QUICK, image, strategy: 'immediate' });
      const digest = image.slice(image.indexOf('@') + 1);
      expect(new Set(fly.machines().map((machine) => machine.digest))).toEqual(new Set([digest]));
      // An app without a service has a machine on standby, too.
      expect(fly.machines().map(({ state }) => state)).toContain('started');
    },
  );
});
