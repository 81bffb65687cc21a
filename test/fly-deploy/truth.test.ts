import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { type FlyJob, startFlyJob } from '../helpers/fly/fly-job.ts';

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
    expect(told).toMatch(new RegExp(`^The machine ${victim} (exits|exited) with code 9`));
    expect(told).toContain('hello was deployed as release v2, but is not healthy.');
    expect(told).toContain('The app was rolled back to ');
    expect(outputs).toMatchObject({ rolled_back: 'true', release: '3' });
    expect(outputs.image?.endsWith(good.split('@')[1] ?? '-')).toBe(true);
    expect(summary).toContain('The deploy failed; release v3 is from before this run.');
    for (const machine of fly.machines()) {
      expect(machine).toMatchObject({ state: 'started', digest: good.split('@')[1] });
    }
  });

  it('is told of checks that never pass, as soon as fly.toml says, without going back unasked', async () => {
    const check = '[[http_service.checks]]\npath = "/healthz"\ninterval = "5s"\n';
    await using fly = await startFlyJob(
      `app = "hello"\nprimary_region = "iad"\n[deploy]\nwait_timeout = "3s"\n[http_service]\ninternal_port = 8080\nauto_stop_machines = "off"\n${check}`,
    );
    await fly.deploy({ ...immediate, image: await fly.push() });
    fly.job.cloud.fly.disturbances.add({ group: 'app', checks: 'connection refused' });
    const { annotations, log, outputs, summary } = await fly.deploy(
      { strategy: 'rolling', image: await fly.push() },
      { fails: true },
    );
    const told = annotations.at(-1)?.message ?? '';
    const [ill = ''] = fly
      .machines()
      .flatMap(({ id, metadata }) => (metadata.fly_release_version === '2' ? [id] : []));
    expect(told).toMatch(
      new RegExp(
        `^The machine ${ill} fails its check servicecheck-00-http-8080: critical: connection refused\\.\n`,
      ),
    );
    expect(told).toContain('flyctl could not deploy hello: exit code 1.');
    expect(told).toMatch(/- \w+ is still on release v1, others are on v2/);
    expect(outputs).toMatchObject({
      changed: 'true',
      rolled_back: 'false',
      release: '2',
      url: 'https://hello.fly.dev',
    });
    expect(outputs.image).toContain('/hello:deployment-');
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

describe.skipIf(!FLYCTL)('a second deploy of the same', () => {
  it('counts what flyctl reads, and what machines have become since', async () => {
    const file = '\n[[files]]\nguest_path = "/etc/app.conf"\nlocal_path = "app.conf"\n';
    await using fly = await startFlyJob(
      `app = "hello"\nprimary_region = "iad"\n[env]\nMODE = "a"\n[http_service]\ninternal_port = 8080\nauto_stop_machines = "off"\n${file}`,
    );
    const write = (text: string) => writeFile(join(fly.workspace, 'app.conf'), text);
    const configs = () =>
      [...fly.app.machines.values()].filter(({ active }) => active).map(({ config }) => config);
    const image = await fly.push();
    const changed = async () => (await fly.deploy({ ...immediate, image })).outputs.changed;
    await write('one');
    expect(await changed()).toBe('true');
    expect(await changed()).toBe('false');
    await write('two');
    expect(await changed()).toBe('true');
    for (const { files } of configs())
      expect(files?.[0]?.raw_value).toBe(Buffer.from('two').toString('base64'));

    // One more, and then one less: the oldest goes, and with it what it was marked with.
    await flyctl(fly, 'scale', 'count', '3', '--yes', '--app', 'hello');
    expect(await changed()).toBe('false');
    await flyctl(fly, 'scale', 'count', '1', '--yes', '--app', 'hello');
    expect(await changed()).toBe('false');

    const [machine] = fly.machines();
    await flyctl(
      fly,
      'machine',
      'update',
      machine?.id ?? '',
      '--env',
      'MODE=b',
      '--yes',
      '--app',
      'hello',
      '--skip-health-checks',
    );
    expect(configs().map(({ env }) => env?.MODE)).toEqual(['b']);
    expect(await changed()).toBe('true');
    expect(configs().map(({ env }) => env?.MODE)).toEqual(['a']);
    expect(await changed()).toBe('false');
  });
});

describe.skipIf(!FLYCTL)('the way back', () => {
  it('leaves the machines that were there, and no canary, however often a deploy fails', async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ ...immediate, image: await fly.push() });
    const [cordoned, ...others] = fly.app.machines.values();
    if (!cordoned) throw new Error('there are machines');
    cordoned.cordoned = true;
    const before = fly.machines();
    for (const strategy of ['canary', 'bluegreen']) {
      fly.job.cloud.fly.disturbances.add({ group: 'app', checks: 'no database' });
      const { outputs, annotations } = await fly.deploy(
        { strategy, image: await fly.push(), rollback: 'true', wait_timeout: '3s' },
        {
          fails: true,
          onLine: (line) => line.includes('Going back to') && fly.job.cloud.fly.disturbances.clear(),
        },
      );
      // flyctl itself takes the new machines of bluegreen away again: then nothing was changed.
      if (strategy === 'canary') {
        expect(annotations.at(-1)?.message).toMatch(
          /^The machine \w+ fails its check \S+ critical: no database\./,
        );
        expect(outputs.rolled_back).toBe('true');
      }
      expect(fly.machines().map(({ id, digest, state }) => [id, digest, state])).toEqual(
        before.map(({ id, digest, state }) => [id, digest, state]),
      );
      expect(cordoned.cordoned).toBe(true);
      expect(others.map((machine) => machine.cordoned)).toEqual(others.map(() => false));
    }
  });

  it('leads back from a cutover that broke off, when both colours serve', async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ ...immediate, image: await fly.push() });
    const before = fly.machines();
    // What flyctl writes down of the old machines once the new ones take requests.
    fly.job.cloud.faults.add({
      match: /^POST \/v1\/apps\/hello\/machines\/\w+\/metadata\/fly_bluegreen_deployment_tag/,
      times: 20,
      status: 500,
      body: { error: 'internal error' },
    });
    const { outputs, annotations, log } = await fly.deploy(
      { strategy: 'bluegreen', image: await fly.push(), rollback: 'true' },
      { fails: true },
    );
    expect(outputs.rolled_back, log).toBe('true');
    expect(annotations.at(-1)?.message).toMatch(
      /^flyctl could not deploy hello: exit code 1\.\n- \w+ is still on release v1/,
    );
    expect(fly.machines().map(({ id, digest, state }) => [id, digest, state])).toEqual(
      before.map(({ id, digest, state }) => [id, digest, state]),
    );
    for (const { cordoned } of fly.app.machines.values()) expect(cordoned).toBe(false);
  });

  it('makes a machine anew that the deploy has destroyed, and keeps no new group', async () => {
    const toml = (processes: string) =>
      `app = "hello"\nprimary_region = "iad"\n[processes]\n${processes}\n[http_service]\ninternal_port = 8080\nauto_stop_machines = "off"\nprocesses = ["app"]\n`;
    await using fly = await startFlyJob(toml('app = "serve"\nworker = "work"'));
    await fly.deploy({ ...immediate, image: await fly.push() });
    const groups = () =>
      fly
        .machines()
        .map(({ metadata, digest, state }) => [metadata.fly_process_group, digest, state])
        .sort();
    const before = groups();
    await writeFile(join(fly.workspace, 'fly.toml'), toml('app = "serve"\nmailer = "mail"'));
    const { disturbances } = fly.job.cloud.fly;
    disturbances.add({ group: 'app', exit: { code: 4 } });
    const { outputs, log } = await fly.deploy(
      { ...immediate, image: await fly.push(), rollback: 'true' },
      { fails: true, onLine: (line) => line.includes('Going back to') && disturbances.clear() },
    );
    expect(outputs.rolled_back, log).toBe('true');
    expect(groups()).toEqual(before);
  });
});

describe.skipIf(!FLYCTL)('machines are well by their own measure', () => {
  it('that end with 0 under the policy never, were cordoned, or were stopped by hand', async () => {
    await using fly = await startFlyJob(`app = "hello"
primary_region = "iad"
[processes]
app = "serve"
job = "once"
[http_service]
internal_port = 8080
auto_stop_machines = "off"
processes = ["app"]
[[restart]]
policy = "never"
processes = ["job"]
`);
    fly.job.cloud.fly.disturbances.add({ group: 'job', exit: { code: 0 } });
    const first = await fly.deploy({ ...immediate, image: await fly.push() });
    expect(first.summary).toMatch(/Release v1 runs on 2 machines, and \d (is|are) at rest\./);
    const [one, other] = [...fly.app.machines.values()].filter(
      ({ config }) => config.metadata?.fly_process_group === 'app',
    );
    if (!one || !other) throw new Error('there are two machines');
    one.cordoned = true;
    await flyctl(fly, 'machine', 'stop', other.id, '--app', 'hello', '--wait-timeout', '20s');
    const image = await fly.push();
    const second = await fly.deploy({ ...immediate, image });
    expect(second.summary).toMatch(/Release v2 runs on 1 machine, and \d are at rest\./);
    const third = await fly.deploy({ ...immediate, image });
    expect(third.outputs.changed).toBe('false');
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
        `^The machine ${machine.id} is leased by someone@example.com \\(a hand\\), for \\d+ s more\\. Waited for 3 s\\.`,
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

/** Runs the real flyctl, as a person would beside the action. */
async function flyctl({ job, app }: FlyJob, ...args: string[]): Promise<void> {
  const { organization } = app;
  const { macaroon } = job.cloud.fly.tokens.issue({
    kind: 'org',
    name: 'hand',
    organization,
    lifetime: 3600,
  });
  const env = { ...process.env, ...job.exports, FLY_API_TOKEN: macaroon, HTTPS_PROXY: 'http://127.0.0.1:9' };
  await promisify(execFile)('flyctl', args, {
    env: { ...env, FLY_CONFIG_DIR: job.temp, FLYCTL_STATUSLOGGER_NO_ERROR: '1', CI: '1' },
  });
}

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
