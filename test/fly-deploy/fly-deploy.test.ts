import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, type FlyJob, startFlyJob } from '../helpers/fly/fly-job.ts';

// needs: flyctl

/** Without flyctl there is nothing to deploy by; `npm test` builds it where Go is. */
const FLYCTL = find('flyctl').length > 0;

describe.skipIf(!FLYCTL)('an app, from its first deploy on', () => {
  let fly: FlyJob;
  let first: string;
  beforeAll(async () => {
    fly = await startFlyJob();
    first = await fly.push();
  });
  afterAll(() => fly[Symbol.asyncDispose]());

  it('is deployed from Artifact Registry, and looked at', async () => {
    const { outputs, log, summary } = await fly.deploy({ image: first });
    const digest = first.split('@')[1] ?? '';
    expect(log).toMatch(/Copied to .*: 2 blobs sent/);
    expect(outputs).toMatchObject({
      url: `https://${APP}.fly.dev`,
      release: '1',
      changed: 'true',
      rolled_back: 'false',
    });
    expect(outputs.image).toContain(`/${APP}:deployment-`);
    expect(outputs.image?.endsWith(`@${digest}`)).toBe(true);
    const machines = fly.machines();
    expect(machines).toHaveLength(2);
    expect(outputs.machines?.split('\n')).toEqual(machines.map(({ id }) => id));
    for (const machine of machines) expect(machine).toMatchObject({ state: 'started', digest });
    expect(summary).toContain('Release v1 runs on 2 machines.');
    expect(summary).toMatch(/\| 1 of 1 passing \|/);
  });

  it('is left alone when all is as wanted', async () => {
    const before = fly.machines();
    const { outputs, log } = await fly.deploy({ image: first });
    expect(outputs).toMatchObject({ changed: 'false', release: '1', url: `https://${APP}.fly.dev` });
    expect(log).not.toContain('flyctl deploy');
    expect(fly.machines()).toEqual(before);
  });
});

describe.skipIf(!FLYCTL)('an app that takes connections elsewhere', () => {
  let fly: FlyJob;
  let image: string;
  beforeAll(async () => {
    fly = await startFlyJob();
    image = await fly.push();
  });
  afterAll(() => fly[Symbol.asyncDispose]());

  it.each([
    ['port 80 alone', 'port = 80\nhandlers = ["http"]', `http://${APP}.fly.dev`, ', which answers 200'],
    [
      'TLS at another port',
      'port = 8443\nhandlers = ["tls", "http"]',
      `https://${APP}.fly.dev:8443`,
      ', which answers 200',
    ],
    ['TLS of something else', 'port = 8883\nhandlers = ["tls"]', `tls://${APP}.fly.dev:8883`, ' '],
    ['plain TCP', 'port = 5432', `tcp://${APP}.fly.dev:5432`, ' '],
  ])('at %s is asked there, by its name in the local cloud', async (_, ports, url, answers) => {
    const toml = `app = "${APP}"\nprimary_region = "iad"\n[[services]]\ninternal_port = 8080\nprotocol = "tcp"\n[[services.ports]]\n${ports}\n`;
    await writeFile(join(fly.workspace, 'fly.toml'), toml);
    // Without a variable that names what stands in for Fly's proxy.
    const options = { env: { GANGWAY_FLY_PROXY: '' } };
    const { outputs, summary } = await fly.deploy({ image, strategy: 'immediate' }, options);
    expect(outputs).toMatchObject({ url, changed: 'true' });
    expect(summary).toContain(`${url}${answers}`);
  });
});

describe.skipIf(!FLYCTL)('an image of a registry that Docker is signed in to', () => {
  it('is copied, as Fly could not pull it', async () => {
    await using fly = await startFlyJob();
    const { cloud, temp } = fly.job;
    const { token } = cloud.tokens.issue({ member: 'user:owner@example.com', memberOf: [] }, 3600);
    // By a name that is neither Artifact Registry's nor Fly's.
    const host = `localhost:${new URL(cloud.origin).port}`;
    const auth = Buffer.from(`oauth2accesstoken:${token}`).toString('base64');
    const config = join(temp, 'own-docker');
    await mkdir(config, { recursive: true });
    await writeFile(join(config, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
    const image = `${host}/${await fly.push()}`;
    const options = { env: { DOCKER_CONFIG: config, NO_PROXY: '127.0.0.1,localhost' }, secrets: [token] };
    const { outputs, log } = await fly.deploy({ image, strategy: 'immediate' }, options);
    expect(log).toMatch(/Copied to .*: 2 blobs sent/);
    expect(outputs.image?.endsWith(image.slice(image.indexOf('@')))).toBe(true);
  });
});

describe.skipIf(!FLYCTL)('blue and green', () => {
  it('are told apart: the new machines are looked at, the old ones are gone, and no lock is left', async () => {
    await using fly = await startFlyJob();
    await fly.deploy({ image: await fly.push(), strategy: 'immediate' });
    const blue = fly.machines();
    const image = await fly.push();
    const { outputs, summary } = await fly.deploy({ image, strategy: 'bluegreen' });
    const green = fly.machines();
    expect(outputs.machines?.split('\n')).toEqual(green.map(({ id }) => id));
    expect(green).toHaveLength(blue.length);
    for (const machine of green) {
      expect(machine.digest).toBe(image.split('@')[1]);
      expect(machine.metadata).not.toHaveProperty('gangway_deploying');
      expect(blue.map(({ id }) => id)).not.toContain(machine.id);
      expect(summary).toMatch(new RegExp(`\\| \`${machine.id}\` \\| app \\| iad \\| - \\| v2 `));
    }
  });
});

describe.skipIf(!FLYCTL)('secrets', () => {
  const KEY = '-----BEGIN KEY-----\nAAAA= # "x\nBBBB==\n-----END KEY-----';
  const lines = (password: string) => `PASSWORD=${password}\nQUOTED=a "b" # c d\nKEY="""${KEY}"""\nSHORT=no`;

  it('come with the deploy, exactly, and restart nothing when they are what they were', async () => {
    await using fly = await startFlyJob();
    fly.app.secrets.update({ OTHER: 'kept', OLD: 'to go' });
    const image = await fly.push();
    const secrets = ['correct horse battery', ...KEY.split('\n'), 'a "b" # c d'];
    const run = (inputs: Record<string, string>) =>
      fly.deploy({ image, strategy: 'immediate', ...inputs }, { secrets });
    const { log } = await run({ secrets: lines('correct horse battery') });
    expect(log).toContain('Staged for the deploy: PASSWORD, QUOTED, KEY, SHORT.');
    const first = fly.machines();
    for (const machine of first) {
      expect(machine.secrets).toEqual({
        PASSWORD: 'correct horse battery',
        QUOTED: 'a "b" # c d',
        KEY,
        SHORT: 'no',
        OTHER: 'kept',
        OLD: 'to go',
      });
    }

    const again = await run({ secrets: lines('correct horse battery') });
    expect(again.log).toContain('Every secret has the value that it had before.');
    expect(again.outputs.changed).toBe('false');
    expect(fly.machines()).toEqual(first);

    const other = await run({ secrets: 'PASSWORD=another horse', unset_secrets: 'OLD, NEVER_SET' });
    expect(other.outputs.changed).toBe('true');
    expect(other.log).toContain('To be removed by the deploy: OLD.');
    for (const { secrets: now } of fly.machines()) {
      expect(now.PASSWORD).toBe('another horse');
      expect(now.OLD).toBeUndefined();
      expect(now.OTHER).toBe('kept');
    }
    await fly.job.post();
  });

  it('that a failed deploy had staged are not taken for deployed', async () => {
    await using fly = await startFlyJob();
    const image = await fly.push();
    await fly.deploy({ image, strategy: 'immediate' });
    fly.job.cloud.faults.add({
      match: /^POST \/api\/v1\/releases/,
      times: 1,
      status: 400,
      body: { error: 'no' },
    });
    await fly.deploy({ image, strategy: 'immediate', secrets: 'A=first value' }, { fails: true });
    const { outputs, log } = await fly.deploy({ image, strategy: 'immediate', secrets: 'A=first value' });
    expect(log).toContain('Every secret has the value that it had before.');
    expect(outputs.changed).toBe('true');
    for (const { secrets } of fly.machines()) expect(secrets.A).toBe('first value');
  });
});

describe.skipIf(!FLYCTL)('a release command', () => {
  const TOML = `
app = "${APP}"
primary_region = "iad"

[deploy]
release_command = "bin/migrate --all"

[http_service]
internal_port = 8080
`;

  it('runs before anything is rolled out; its failure is the error, with code and last lines', async () => {
    await using fly = await startFlyJob(TOML);
    const { cloud } = fly.job;
    const options = {
      strategy: 'immediate',
      api_token: cloud.fly.tokens.issue(organizationToken(fly)).macaroon,
    };
    const { log } = await fly.deploy({ ...options, image: await fly.push() });
    expect(log).toContain('Log of the release command: bin/migrate --all');
    const before = fly.machines();

    cloud.fly.disturbances.add({ group: 'fly_app_release_command', exit: { code: 3 } });
    const failed = await fly.deploy(
      { ...options, rollback: 'true', image: await fly.push() },
      { fails: true },
    );
    expect(failed.annotations.at(-1)?.message).toMatch(
      /^The release command "bin\/migrate --all" failed with exit code 3 on the machine \w+; nothing was rolled out\./,
    );
    expect(failed.log).not.toContain('Going back');
    expect(fly.machines()).toEqual(before);
  });

  it('whose log the token may not read is said to be elsewhere', async () => {
    await using fly = await startFlyJob(TOML);
    fly.job.cloud.faults.add({
      match: /^GET \/api\/v1\/apps\/hello\/logs/,
      times: 1e3,
      status: 401,
      body: {},
    });
    const { annotations } = await fly.deploy({ strategy: 'immediate', image: await fly.push() });
    expect(annotations[0]?.message).toMatch(/may not read logs.*fly logs --app hello --machine \w+/);
  });
});

function organizationToken(fly: FlyJob) {
  const { organization } = fly.app;
  return { kind: 'org', name: 'ci', organization, lifetime: 3600 } as const;
}
