import { find } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { startFlyJob } from '../helpers/fly-job.ts';

// needs: flyctl

const FLYCTL = find('flyctl').length > 0;
const immediate = { strategy: 'immediate' };

describe.skipIf(!FLYCTL)('the truth', () => {
  it('is told of a machine that crashes although flyctl says yes, and the app goes back', async () => {
    await using fly = await startFlyJob();
    const good = await fly.push();
    await fly.deploy({ ...immediate, image: good });
    const victim = fly.machines()[1]?.id ?? '';
    const { disturbances } = fly.job.cloud.fly;
    disturbances.add({ machine: victim, exit: { code: 9 } });
    const { outputs, annotations, summary } = await fly.deploy(
      { ...immediate, image: await fly.push(), rollback: 'true' },
      { fails: true, onLine: (line) => line.includes('Going back to') && disturbances.clear() },
    );
    const told = annotations.at(-1)?.message ?? '';
    expect(told).toMatch(/^flyctl says that hello was deployed, but it was not\./);
    expect(told).toMatch(new RegExp(`- ${victim} (exits|exited) with code 9`));
    expect(told).toContain('The app was rolled back to ');
    expect(outputs).toMatchObject({ rolled_back: 'true', release: '3' });
    expect(outputs.image?.endsWith(good.split('@')[1] ?? '-')).toBe(true);
    expect(summary).toContain('The deploy failed; release v3 is what was there before.');
    for (const machine of fly.machines()) {
      expect(machine).toMatchObject({ state: 'started', digest: good.split('@')[1] });
    }
  });

  it('is told of checks that never pass, without going back where that was not asked for', async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ ...immediate, image: await fly.push() });
    fly.job.cloud.fly.disturbances.add({ group: 'app', checks: 'connection refused' });
    const { annotations, log, outputs, summary } = await fly.deploy(
      { strategy: 'rolling', image: await fly.push(), wait_timeout: '3s' },
      { fails: true },
    );
    const told = annotations.at(-1)?.message ?? '';
    expect(told).toMatch(/^flyctl could not deploy hello: exit code 1\./);
    expect(told).toMatch(/- \w+ is still on release v1, others are on v2/);
    expect(outputs).toMatchObject({ changed: 'true', rolled_back: 'false', release: '' });
    expect(summary).toContain('The deploy failed; the machines are as below.');
    expect(summary).toMatch(/\| v1 `\w{12}` started \| v2 `\w{12}` started \| 0 of 1 passing \|/);
    expect(log).not.toContain('Going back');
  });

  it('is told of an app that is well though flyctl gave up on it', async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ ...immediate, image: await fly.push() });
    const [extra] = fly.machines();
    if (extra) fly.app.machines.delete(extra.id);
    const { disturbances } = fly.job.cloud.fly;
    disturbances.add({ group: 'app', checks: 'still warming up' });
    const { annotations, outputs } = await fly.deploy(
      { strategy: 'rolling', image: await fly.push(), wait_timeout: '12s' },
      { onLine: (line) => /Error: /.test(line) && disturbances.clear() },
    );
    expect(annotations[0]).toMatchObject({
      level: 'warning',
      message: expect.stringMatching(
        /^flyctl failed with exit code 1, yet all machines run release v2 and pass:/,
      ),
    });
    expect(outputs).toMatchObject({ release: '2', changed: 'true' });
  });

  it('is told of an app that does not answer', async () => {
    await using fly = await startFlyJob();
    fly.answers.set('/ready', 503);
    setTimeout(() => fly.answers.set('/ready', 404), 8000);
    const { summary } = await fly.deploy({ ...immediate, image: await fly.push(), verify: '/ready' });
    expect(summary).toContain('https://hello.fly.dev, which answers 404');
  });

  it('is told when Fly refuses the release: nothing was changed', async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ ...immediate, image: await fly.push() });
    const before = fly.machines();
    fly.job.cloud.faults.add({
      match: /^PATCH \/api\/v1\/releases\//,
      times: 20,
      status: 504,
      body: { error: 'gateway timeout' },
    });
    const { annotations } = await fly.deploy(
      { ...immediate, image: await fly.push(), rollback: 'true' },
      { fails: true },
    );
    expect(annotations.at(-1)?.message).toMatch(
      /^flyctl could not deploy hello: exit code 1; no machine was changed\./,
    );
    expect(fly.machines().map(({ instanceId }) => instanceId)).toEqual(
      before.map(({ instanceId }) => instanceId),
    );
  });
});

describe.skipIf(!FLYCTL)('deploys of one app', () => {
  it('wait for a lease, and name who holds it when the time is up', async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ ...immediate, image: await fly.push() });
    const machine = [...fly.app.machines.values()].at(-1);
    if (!machine) throw new Error('there are machines');
    const lease = (seconds: number) => {
      machine.lease = {
        nonce: 'n',
        owner: 'someone@example.com',
        description: 'a hand',
        expires: Date.now() + seconds * 1000,
      };
    };
    lease(60);
    const refused = await fly.deploy({ image: await fly.push(), lock_timeout: '3s' }, { fails: true });
    expect(refused.annotations.at(-1)?.message).toMatch(
      new RegExp(
        `^The machine ${machine.id} is leased by someone@example.com \\(a hand\\), for \\d+ s more\\. It was waited for 3 s\\.`,
      ),
    );
    lease(5);
    const waited = await fly.deploy({ ...immediate, image: await fly.push() });
    expect(waited.log).toMatch(
      /is leased by someone@example\.com \(a hand\), for \d s more\. Waiting for it to end\./,
    );
  });

  it('leave no lock behind when they are cancelled', async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ ...immediate, image: await fly.push() });
    const { signal, onLine } = cancelAt('Updating existing machines');
    const { exitCode } = await fly.deploy({ image: await fly.push() }, { fails: true, signal, onLine });
    expect(exitCode).toBe(130);
    for (const { metadata } of fly.machines()) expect(metadata).not.toHaveProperty('gangway_deploying');
    await fly.job.post();
    const { outputs } = await fly.deploy({ ...immediate, image: await fly.push() });
    expect(outputs.changed).toBe('true');
  });

  it('are done one after the other', async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ ...immediate, image: await fly.push() });
    const images = [await fly.push(), await fly.push()];
    const runs = await Promise.all(
      images.map((image, index) =>
        fly.deploy({ strategy: 'rolling', image }, { env: { GITHUB_RUN_ID: String(100 + index) } }),
      ),
    );
    const [one, other] = runs.map(({ outputs }) => outputs.release).sort();
    expect([one, other]).toEqual(['2', '3']);
    const later = runs.find(({ outputs }) => outputs.release === '3');
    expect(later?.log).toMatch(
      /has been deployed by \S+\/actions\/runs\/10[01]\/attempts\/1 \(job deploy, \w+\) for \d+ s\.|(is|was) leased by/,
    );
    const last = later?.outputs.image?.split('@')[1];
    for (const machine of fly.machines()) {
      expect(machine.digest).toBe(last);
      expect(machine.metadata).not.toHaveProperty('gangway_deploying');
    }
  });
});

/** Cancels a step when it prints a line that holds this text. */
function cancelAt(text: string) {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onLine: (line: string) => {
      if (line.includes(text)) controller.abort();
    },
  };
}
