import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, type FlyJob, startFlyJob } from '../helpers/fly/fly-job.ts';

// needs: flyctl

const FLYCTL = find('flyctl').length > 0;
const immediate = { strategy: 'immediate' };

describe.skipIf(!FLYCTL)('a token', () => {
  let fly: FlyJob;
  let image: string;
  beforeAll(async () => {
    fly = await startFlyJob();
    image = await fly.push();
  });
  afterAll(() => fly[Symbol.asyncDispose]());

  const other = () => fly.job.cloud.fly.organizations.get('example') ?? fly.app.organization;
  const issue = (scope: Omit<Parameters<FlyJob['job']['cloud']['fly']['tokens']['issue']>[0], 'name'>) =>
    fly.job.cloud.fly.tokens.issue({ name: 'test', lifetime: 3600, ...scope }).macaroon;

  it('that has expired or may only read is refused before anything is asked', async () => {
    const { organization } = fly.app;
    const expired = issue({ kind: 'deploy', organization, app: fly.app, lifetime: -60 });
    const readonly = issue({ kind: 'readonly', organization });
    for (const [token, why] of [
      [expired, /^The Fly token expired at 20/],
      [readonly, /^The Fly token may only read\./],
    ] as const) {
      const asked = await fly.job.requests(async () => {
        const { annotations } = await fly.deploy({ image, api_token: token }, { fails: true });
        expect(annotations.at(-1)?.message).toMatch(why);
      });
      expect(asked).toEqual([]);
    }
  });

  it('of another organization or another app is recognised', async () => {
    const stranger = fly.job.cloud.fly.addApp('another', fly.app.organization);
    for (const [token, why] of [
      [issue({ kind: 'org', organization: other() }), /token of the organization with the id 1001/],
      [
        issue({ kind: 'deploy', organization: fly.app.organization, app: stranger }),
        new RegExp(`deploy token of the app with the id ${stranger.numericId} in the organization 1000`),
      ],
    ] as const) {
      const { annotations } = await fly.deploy({ image, api_token: token }, { fails: true });
      expect(annotations.at(-1)?.message).toMatch(why);
      expect(annotations.at(-1)?.message).toMatch(/To fix it: .*fly tokens create deploy --app hello/);
    }
  });

  it('of an organization and for 20 years is warned of, and traded for one that is neither', async () => {
    const before = fly.job.cloud.fly.tokens.all();
    const token = issue({ kind: 'org', organization: fly.app.organization, lifetime: 20 * 365 * 86_400 });
    const { annotations, log } = await fly.deploy({ ...immediate, image, api_token: token });
    expect(annotations[0]).toMatchObject({
      level: 'warning',
      message: expect.stringMatching(/good for 20 more years/),
    });
    expect(log).toContain('flyctl gets a deploy token of hello only, good for 3 hours.');
    const minted = fly.job.cloud.fly.tokens.all().filter((text) => !before.includes(text) && text !== token);
    expect(minted.some((text) => fly.job.cloud.fly.tokens.find(text)?.kind === 'deploy')).toBe(true);
  });

  it('for an app that is not there says so', async () => {
    const { annotations } = await fly.deploy({ image, app: 'nowhere' }, { fails: true });
    expect(annotations.at(-1)?.message).toMatch(
      /Fly refuses the token access to the app nowhere: [\s\S]*fly apps create nowhere/,
    );
  });

  it.each([
    [{ app: 'Not_A_Name' }, /^Input "app" is not valid/],
    [{ config: 'gone.toml' }, /^Input "config" is not valid|^Input "app" is required/],
    [{ build_args: 'A=1' }, /^Input "build_args" is not valid[\s\S]*leave image out/],
    [{ image: 'no image' }, /^Input "image" is not valid/],
    [{ api_token: '' }, /^Input "api_token" is required/],
    [{ strategy: 'fast' }, /^Input "strategy" is not valid/],
    [{ verify: 'healthz' }, /^Input "verify" is not valid/],
    [
      { flyctl_version: '1.2.3' },
      /^Input "flyctl_version" is not valid: "1\.2\.3"\.\n.*1\.2\.3@sha256:DIGEST/,
    ],
    [{ unset_secrets: 'A B' }, /^Input "unset_secrets" is not valid/],
    [{ secrets: 'A=1', unset_secrets: 'A' }, /A is in secrets too/],
    [{ secrets: 'a line of a secret' }, /line 1 is not NAME=VALUE/],
    [{ secrets: 'A=1 B=2' }, /the value of A holds further NAME=VALUE, separated by spaces/],
    [{ vmsize: 'x' }, /^This action has no input "vmsize"\.\nTo fix it: write vm_size/],
    [{ pull_request: 'true', org: 'personal' }, /this run is not for a pull request/],
  ])('or not: what is wrong in %j is told before anything is sent', async (inputs, why) => {
    const asked = await fly.job.requests(async () => {
      const { annotations } = await fly.deploy({ image, ...inputs }, { fails: true });
      expect(annotations.at(-1)?.message).toMatch(why);
    });
    expect(asked).toEqual([]);
  });
});

describe.skipIf(!FLYCTL)('flyctl', () => {
  let releases: Server;
  let archive: Buffer;
  let fly: FlyJob;
  let image: string;
  beforeAll(async () => {
    fly = await startFlyJob();
    image = await fly.push();
    const folder = await mkdtemp(join(tmpdir(), 'gangway-releases-'));
    const [path = ''] = find('flyctl');
    execFileSync('tar', ['-czf', join(folder, 'flyctl.tar.gz'), '-C', dirname(path), 'flyctl']);
    archive = await readFile(join(folder, 'flyctl.tar.gz'));
    releases = createServer((request, response) => {
      if (request.url?.startsWith('/v9.9.9/')) response.end(archive);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => releases.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    releases.close();
    await fly[Symbol.asyncDispose]();
  });

  const env = (extra: Record<string, string> = {}) => ({
    GANGWAY_FLYCTL_RELEASES: `http://127.0.0.1:${(releases.address() as AddressInfo).port}`,
    ...extra,
  });
  const pinned = () => `9.9.9@sha256:${createHash('sha256').update(archive).digest('hex')}`;

  it('is downloaded, checked, kept, and found again', async () => {
    const first = await fly.deploy({ ...immediate, image, flyctl_version: pinned() }, { env: env() });
    expect(first.log).toMatch(/, at \S+\/gangway-\w+\/tools\/flyctl\./);
    releases.closeAllConnections();
    const second = await fly.deploy(
      { image, flyctl_version: pinned() },
      { env: env({ GANGWAY_FLYCTL_RELEASES: 'http://127.0.0.1:9' }) },
    );
    expect(second.outputs.changed).toBe('false');
  });

  it('that is changed in the tool cache does not run, whether it can be downloaded again or not', async () => {
    await fly.deploy({ image, flyctl_version: pinned() }, { env: env() });
    const told = join(await mkdtemp(join(tmpdir(), 'gangway-told-')), 'told');
    const changed = await changeCache(join(fly.job.temp, 'tool-cache'), told);
    expect(changed).toBeGreaterThan(0);
    const offline = await fly.deploy(
      { image, flyctl_version: pinned() },
      { env: env({ GANGWAY_FLYCTL_RELEASES: 'http://127.0.0.1:9' }), fails: true },
    );
    expect(offline.annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining("in the runner's tool cache is not what was pinned, and is not used"),
      expect.stringMatching(/^flyctl 9\.9\.9 can't be downloaded[\s\S]*set flyctl_version to path/),
    ]);
    const online = await fly.deploy({ image, flyctl_version: pinned() }, { env: env() });
    expect(online.outputs.changed).toBe('false');
    expect(existsSync(told)).toBe(false);
  });

  it('is never used when it is not what was pinned', async () => {
    const { annotations } = await fly.deploy(
      { image, flyctl_version: `9.9.9@sha256:${'0'.repeat(64)}` },
      { env: env(), fails: true },
    );
    expect(annotations.at(-1)?.message).toMatch(
      /is not what was pinned: its sha256 is [0-9a-f]{64}, not 0{64}/,
    );
  });

  it('that can not be downloaded is replaced by no other, of the tool cache or of the PATH', async () => {
    await fly.deploy({ image, flyctl_version: pinned() }, { env: env() });
    const { annotations, log } = await fly.deploy(
      { image, flyctl_version: `9.9.8@sha256:${'0'.repeat(64)}` },
      { env: env(), fails: true },
    );
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^flyctl 9\.9\.8 can't be downloaded from \S+: the answer is 404\.\n.*flyctl_version to path/,
      ),
    ]);
    expect(log).not.toContain('[command]flyctl');
  });

  it('of the PATH takes its place within seconds where nothing answers, unless a digest was given', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const nowhere = env({
      GANGWAY_FLYCTL_RELEASES: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    });
    const started = performance.now();
    const { annotations } = await fly.deploy(
      { ...immediate, image, flyctl_version: '0.4.105' },
      { env: nowhere },
    );
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(annotations[0]?.message).toMatch(/flyctl on the PATH is used instead: flyctl v?\d/);
    const strict = await fly.deploy(
      { image, flyctl_version: `9.9.7@sha256:${'0'.repeat(64)}` },
      { env: nowhere, fails: true },
    );
    expect(strict.annotations.at(-1)?.message).toMatch(/^flyctl 9\.9\.7 can't be downloaded/);
    silent.closeAllConnections();
    silent.close();
  });

  it('that is nowhere is an error that says where it was looked for', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'gangway-path-'));
    await mkdir(join(empty, 'cache'));
    const { annotations } = await fly.deploy(
      { image, flyctl_version: `9.9.8@sha256:${'0'.repeat(64)}` },
      { env: env({ PATH: empty, RUNNER_TOOL_CACHE: join(empty, 'cache') }), fails: true },
    );
    expect(annotations.at(-1)?.message).toMatch(
      /^flyctl 9\.9\.8 can't be downloaded from http:\S+flyctl_9\.9\.8_/,
    );
    const missing = await fly.deploy(
      { image, flyctl_version: 'path' },
      { env: env({ PATH: empty }), fails: true },
    );
    expect(missing.annotations.at(-1)?.message).toMatch(/there is no flyctl on the PATH/);
  });

  it('gets its configuration in a folder that is gone after the job, and nothing in its arguments', async () => {
    const spy = await mkdtemp(join(tmpdir(), 'gangway-spy-'));
    const [path = ''] = find('flyctl');
    const told = join(spy, 'told');
    await writeFile(
      join(spy, 'flyctl'),
      `#!/bin/sh\necho "$FLY_CONFIG_DIR $*" >> ${told}\nexec ${path} "$@"\n`,
    );
    await chmod(join(spy, 'flyctl'), 0o755);
    const secrets = 'PASSWORD=a very secret thing';
    await fly.deploy(
      { image, secrets, ...immediate },
      { env: { PATH: `${spy}:${process.env.PATH}` }, secrets: ['a very secret thing'] },
    );
    const lines = (await readFile(told, 'utf8')).trim().split('\n');
    expect(lines.some((line) => line.includes('deploy --app hello'))).toBe(true);
    expect(lines.filter((line) => line.includes('secrets'))).toEqual([]);
    expect(lines.filter((line) => /secret thing|fm2_/.test(line))).toEqual([]);
    const folders = new Set(
      lines.filter((line) => !line.endsWith(' version')).map((line) => line.split(' ', 1)[0]),
    );
    expect(folders.size).toBe(1);
    await fly.job.post();
  });
});

/** Puts another program or archive in the place of all that a tool cache holds; it would leave a file when it runs. */
async function changeCache(cache: string, told: string): Promise<number> {
  const entries = await readdir(cache, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const folder = await mkdtemp(join(tmpdir(), 'gangway-other-'));
  const script = `#!/bin/sh\ntouch ${told}\necho flyctl v9.9.9\n`;
  await writeFile(join(folder, 'flyctl'), script, { mode: 0o755 });
  execFileSync('tar', ['-czf', join(folder, 'flyctl.tar.gz'), '-C', folder, 'flyctl']);
  const archive = await readFile(join(folder, 'flyctl.tar.gz'));
  for (const { parentPath, name } of files)
    await writeFile(join(parentPath, name), name.endsWith('.gz') ? archive : script);
  return files.length;
}

describe.skipIf(!FLYCTL)('the app of a pull request', () => {
  it('is created, deployed, named once, and destroyed when it is closed', async () => {
    await using fly = await startFlyJob();
    const { cloud } = fly.job;
    let comments: { id: number; body: string }[] = [];
    let written = 0;
    const github = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.method !== 'GET') {
        written += 1;
        const { body } = JSON.parse(Buffer.concat(chunks).toString()) as { body: string };
        comments = [{ id: 1, body }];
      }
      response.end(JSON.stringify(request.method === 'GET' ? comments : comments[0]));
    });
    await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
    const event = join(fly.workspace, 'event.json');
    const token = cloud.fly.tokens.issue({
      kind: 'org',
      name: 'ci',
      organization: fly.app.organization,
      lifetime: 3600,
    });
    const run = async (action: string, inputs: Record<string, string> = {}, fails = false) => {
      await writeFile(event, JSON.stringify({ action, pull_request: { number: 12 } }));
      return fly.deploy(
        {
          org: 'personal',
          pull_request: 'true',
          api_token: token.macaroon,
          github_token: 'ghs_12345678',
          ...immediate,
          ...inputs,
        },
        {
          fails,
          secrets: ['ghs_12345678'],
          env: {
            GITHUB_EVENT_PATH: event,
            GITHUB_EVENT_NAME: 'pull_request',
            GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
          },
        },
      );
    };
    const opened = await run('opened', { image: await fly.push() });
    expect(opened.log).toContain(`Created the app ${APP}-pr-12 in the organization personal.`);
    expect(opened.outputs.url).toBe(`https://${APP}-pr-12.fly.dev`);
    expect(comments[0]?.body).toContain(`\`${APP}-pr-12\` is at https://${APP}-pr-12.fly.dev`);
    expect(cloud.fly.findApp(`${APP}-pr-12`)?.machines.size).toBeGreaterThan(0);

    await run('synchronize', { image: await fly.push() });
    expect(written).toBe(1);

    const refused = cloud.fly.tokens.issue({
      kind: 'deploy',
      name: 'ci',
      organization: fly.app.organization,
      app: fly.app,
      lifetime: 3600,
    });
    const weak = await run('closed', { api_token: refused.macaroon }, true);
    expect(weak.annotations.at(-1)?.message).toMatch(
      /deploy token of one app, which can neither create nor destroy/,
    );

    const closed = await run('closed');
    expect(closed.log).toContain(`Destroyed the app ${APP}-pr-12.`);
    expect(cloud.fly.findApp(`${APP}-pr-12`)).toBeUndefined();
    expect(cloud.fly.findApp(APP)).toBeDefined();
    expect((await run('closed')).log).toContain(`The app ${APP}-pr-12 is already gone.`);
    github.close();
  });

  it('has one machine and a database of its own, as long as the pull request has the label', async () => {
    await using fly = await startFlyJob();
    const { cloud } = fly.job;
    const { organization } = fly.app;
    const cluster = cloud.fly.addCluster('previews', organization);
    const { macaroon } = cloud.fly.tokens.issue({ kind: 'org', name: 'ci', organization, lifetime: 600 });
    const image = await fly.push();
    const event = join(fly.workspace, 'event.json');
    const run = async (name: string, payload: object, inputs = {}, fails = false) => {
      await writeFile(event, JSON.stringify(payload));
      return fly.deploy(
        {
          ...immediate,
          image,
          pull_request: 'true',
          label: 'preview',
          postgres: cluster.id,
          api_token: macaroon,
          ...inputs,
        },
        {
          fails,
          secrets: [cluster.password],
          env: { GITHUB_EVENT_PATH: event, GITHUB_EVENT_NAME: name, FLY_ORG: 'personal', FLY_REGION: 'fra' },
        },
      );
    };
    const labelled = { number: 7, labels: [{ name: 'preview' }] };
    const comment = (author_association: string) => ({
      action: 'created',
      issue: { ...labelled, pull_request: {} },
      comment: { author_association },
    });
    const name = `${APP}-pr-7`;
    const database = 'hello_pr_7';

    const stranger = await run('issue_comment', comment('NONE'), {}, true);
    expect(stranger.annotations.at(-1)?.message).toMatch(/^The comment on pull request 7 is by someone/);
    expect(cloud.fly.findApp(name)).toBeUndefined();

    const made = await run('issue_comment', comment('MEMBER'));
    expect(made.outputs).toMatchObject({ name, hostname: `${name}.fly.dev`, changed: 'true' });
    const machines = [...(cloud.fly.findApp(name)?.machines.values() ?? [])];
    expect(machines.map(({ region }) => region)).toEqual(['fra']);
    expect(machines[0]?.secrets.DATABASE_URL).toBe(
      `postgresql://fly-user:${cluster.password}@pgbouncer.${cluster.id}.flympg.net/${database}`,
    );
    expect(cluster.databases).toEqual(['fly-db', database]);
    expect([...cluster.attached.keys()]).toEqual([name]);

    const again = await run('pull_request', { action: 'synchronize', pull_request: labelled });
    expect(again.log).toContain(`${name} has the secret DATABASE_URL already.`);
    expect(again.outputs.changed).toBe('false');

    const removed = await run('pull_request', {
      action: 'unlabeled',
      pull_request: { number: 7, labels: [] },
    });
    expect(removed.log).toContain(`Destroyed the app ${name}.`);
    expect(removed.outputs).toMatchObject({ name, changed: 'true' });
    expect(cluster.attached.size).toBe(0);

    const none = await run(
      'pull_request',
      { action: 'opened', pull_request: labelled },
      { postgres: 'no-such' },
      true,
    );
    expect(none.annotations.at(-1)?.message).toMatch(
      /^Input "postgres" names no-such, to which flyctl can't attach/,
    );
  });
});
