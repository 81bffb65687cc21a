import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, type FlyJob, startFlyJob } from '../helpers/fly/fly-job.ts';

// needs: flyctl

const FLYCTL = find('flyctl').length > 0;
const immediate = { strategy: 'immediate' };

describe.skipIf(!FLYCTL)('a repository of several apps', () => {
  let fly: FlyJob;
  let image: string;
  beforeAll(async () => {
    fly = await startFlyJob();
    image = await fly.push();
    await rm(join(fly.workspace, 'fly.toml'));
  });
  afterAll(() => fly[Symbol.asyncDispose]());

  const written = async (name: string, text: string) => {
    await mkdir(join(fly.workspace, name, '..'), { recursive: true });
    await writeFile(join(fly.workspace, name), text);
  };

  it.each([
    ['fly.toml', 'primary_region = "iad"\n[http_service]\ninternal_port = 8080\n'],
    ['fly.json', '{"primary_region": "iad", "http_service": {"internal_port": 8080}}'],
    ['fly.yaml', 'primary_region: iad\nhttp_service:\n  internal_port: 8080\n'],
  ])('one %s without a name serves two apps, out of its own directory', async (name, text) => {
    const directory = `services/${name.replace('.', '-')}`;
    const app = `app-${name.replace('.', '-')}`;
    const other = fly.job.cloud.fly.addApp(app, fly.app.organization);
    await written(`${directory}/${name}`, `${text}`);
    await written(`${directory}/greeting.txt`, 'hello');
    const { organization } = fly.app;
    const token = fly.job.cloud.fly.tokens.issue({ kind: 'org', name: 'ci', organization, lifetime: 600 });
    const inputs = { ...immediate, image, working_directory: directory, api_token: token.macaroon };
    const { outputs } = await fly.deploy({
      ...inputs,
      app,
      flyctl_args: "--file-local '/etc/greeting=greeting.txt'",
    });
    expect(outputs).toMatchObject({ name: app, hostname: `${app}.fly.dev`, url: `https://${app}.fly.dev` });
    const [machine] = other.machines.values();
    expect(machine?.config.files).toMatchObject([{ guest_path: '/etc/greeting' }]);
    const again = await fly.deploy(inputs, { env: { FLY_APP: APP } });
    expect(again.outputs.name).toBe(APP);
    const missing = await fly.deploy(inputs, { fails: true });
    expect(missing.annotations.at(-1)?.message).toMatch(/^Input "app" is required/);
  });

  it.each([
    ['fly.json', `{"app": "${APP}", "primary_region": "iad"}`],
    ['fly.yaml', `primary_region: iad # not the app\napp: ${APP} # the app\n`],
  ])('the name that %s has is the app', async (name, text) => {
    await written(`named/${name}`, text);
    const inputs = { ...immediate, image, config: `named/${name}` };
    expect((await fly.deploy(inputs)).outputs.name).toBe(APP);
  });
});

describe.skipIf(!FLYCTL)('what a deploy does other than fly.toml says', () => {
  const TOML = `app = "${APP}"
primary_region = "iad"
[processes]
web = "serve"
worker = "work"
[http_service]
internal_port = 8080
auto_stop_machines = "off"
processes = ["web"]
`;

  it('is sizes, variables, regions, groups and further flags, and a part of the machines', async () => {
    await using fly = await startFlyJob(TOML);
    const first = await fly.push();
    const sized = {
      region: 'fra',
      ha: 'false',
      vm_size: 'shared-cpu-2x',
      vm_memory: '1gb',
      env: 'A=1\nB=x y',
    };
    const run = (image: string, inputs: Record<string, string>) =>
      fly.deploy({ ...immediate, image, ...inputs });
    const groupOnly = await run(first, { ...sized, process_groups: 'web' });
    expect(groupOnly.outputs.machines?.split('\n')).toHaveLength(1);
    expect(groups(fly)).toEqual(['web']);
    const updated = await run(first, { ...sized, update_only: 'true' });
    expect(updated.outputs.changed).toBe('true');
    expect(groups(fly)).toEqual(['web']);
    await run(first, sized);
    expect(groups(fly)).toEqual(['web', 'worker']);
    for (const { config, region } of active(fly)) {
      expect(region).toBe('fra');
      expect(config).toMatchObject({
        env: { A: '1', B: 'x y' },
        guest: { cpu_kind: 'shared', cpus: 2, memory_mb: 1024 },
      });
    }
    expect((await run(first, sized)).outputs.changed).toBe('false');
    expect((await run(first, { ...sized, env: 'A=2\nB=x y' })).outputs.changed).toBe('true');

    const second = await fly.push();
    const part = await run(second, { ...sized, process_groups: 'worker' });
    expect(part.outputs.machines?.split('\n')).toHaveLength(1);
    expect(digests(fly)).toEqual({ web: first.split('@')[1], worker: second.split('@')[1] });
    const again = await run(second, { ...sized, process_groups: 'worker' });
    expect(again.outputs.changed).toBe('false');

    const elsewhere = await fly.deploy(
      { ...immediate, image: second, ...sized, regions: 'ams' },
      { fails: true },
    );
    expect(elsewhere.annotations.at(-1)?.message).toMatch(/^hello has no machine in ams, /);
    expect(digests(fly).web).toBe(first.split('@')[1]);
  });

  it('leaves the machines that it is not about as they are, also on the way back', async () => {
    await using fly = await startFlyJob(TOML);
    const first = await fly.push();
    await fly.deploy({ ...immediate, image: first, ha: 'false' });
    const second = await fly.push();
    await fly.deploy({ ...immediate, image: second, process_groups: 'worker' });
    const workers = () => active(fly).filter(({ config }) => config.metadata?.fly_process_group === 'worker');
    const before = workers().map(({ id, instanceId }) => [id, instanceId]);
    const { disturbances } = fly.job.cloud.fly;
    disturbances.add({ group: 'web', exit: { code: 9 } });
    const { outputs } = await fly.deploy(
      { ...immediate, image: await fly.push(), process_groups: 'web', rollback: 'true' },
      { fails: true, onLine: (line) => line.includes('Going back to') && disturbances.clear() },
    );
    expect(outputs.rolled_back).toBe('true');
    expect(digests(fly)).toEqual({ web: first.split('@')[1], worker: second.split('@')[1] });
    expect(workers().map(({ id, instanceId }) => [id, instanceId])).toEqual(before);
    // The newer release of the others is no deploy of somebody else's.
    await fly.deploy({ ...immediate, image: second, process_groups: 'worker', env: 'A=1' });
    disturbances.add({ group: 'web', failure: 'no room on this host' });
    const failed = await fly.deploy(
      { ...immediate, image: await fly.push(), process_groups: 'web' },
      { fails: true },
    );
    expect(failed.annotations.at(-1)?.message).toContain('hello');
    expect(failed.annotations.at(-1)?.message).not.toMatch(/another deploy/i);
  });

  it('builds nothing where fly.toml names an image, and says so to who wants it built', async () => {
    await using fly = await startFlyJob(`${TOML}[build]\nimage = "registry.fly.io/hello:v1"\n`);
    const { annotations } = await fly.deploy({ build_target: 'web' }, { fails: true });
    expect(annotations.at(-1)?.message).toMatch(
      /^Input "build_target" is not valid: "web"\.\nTo fix it: leave it out, or take the image registry\.fly\.io\/hello:v1/,
    );
  });

  it.each([
    ['dockerfile', 'dockerfile', 'Dockerfile.web'],
    ['ignorefile', 'ignorefile', 'web.ignore'],
    ['build_target', 'build-target', 'web'],
  ])('is not what %s says where fly.toml says another: flyctl would pass it by', async (name, key, value) => {
    await using fly = await startFlyJob(`${TOML}[build]\n${key} = "${value}"\n`);
    const { annotations } = await fly.deploy({ [name]: 'other' }, { fails: true });
    expect(annotations.at(-1)?.message).toMatch(
      new RegExp(`^Input "${name}" is not valid: "other"\\.\\n.*fly\\.toml names ${value} under \\[build\\]`),
    );
  });

  function active(fly: FlyJob) {
    return [...fly.app.machines.values()].filter(({ active: is }) => is);
  }
  function groups(fly: FlyJob): string[] {
    return [...new Set(active(fly).map(({ config }) => config.metadata?.fly_process_group ?? ''))].sort();
  }
  function digests(fly: FlyJob): Record<string, string> {
    return Object.fromEntries(
      active(fly).map(({ config, image }) => [config.metadata?.fly_process_group ?? '', image.digest]),
    );
  }
});

describe.skipIf(!FLYCTL)('an input that a deploy can not do', () => {
  let fly: FlyJob;
  beforeAll(async () => {
    fly = await startFlyJob();
  });
  afterAll(() => fly[Symbol.asyncDispose]());

  it.each([
    [{ working_directory: 'nowhere' }, /^Input "working_directory" is not valid: "nowhere"/],
    [{ flyctl_args: '--detach' }, /^Input "flyctl_args" is not valid: --detach\.\n.*has to know/],
    [{ flyctl_args: '-aother' }, /^Input "flyctl_args" is not valid: -aother\.\n.*write it under app/],
    [{ flyctl_args: '-sSIGTERM' }, /^Input "flyctl_args" is not valid: -sSIGTERM\.\n.*long form/],
    [{ flyctl_args: '--memory=2gb' }, /^Input "flyctl_args" is not valid: --memory\.\n.*under vm_memory/],
    [{ flyctl_args: '--flycast elsewhere' }, /^Input "flyctl_args" is not valid: elsewhere/],
    [{ flyctl_args: '--image=a' }, /^Input "flyctl_args" is not valid: --image\.\n.*write it under image/],
    [{ flyctl_args: '--signal SIGTERM; rm -rf /' }, /^Input "flyctl_args" is not valid: rm/],
    [{ flyctl_args: '--label "a b' }, /^Input "flyctl_args" is not valid: a quote/],
    [{ region: 'Frankfurt' }, /^Input "region" is not valid/],
    [{ ha: 'maybe' }, /^Input "ha" is not valid/],
    [{ vm_memory: 'lots' }, /^Input "vm_memory" is not valid/],
    [{ vm_cpu_kind: 'fast' }, /^Input "vm_cpu_kind" is not valid/],
    [{ env: 'A-B=1' }, /^Input "env" is not valid/],
    [{ postgres: 'db' }, /^Input "postgres" is not valid: "db"\.\n.*pull_request to true/],
    [{ label: 'preview' }, /^Input "label" is "preview", but "pull_request" is not true/],
  ])('%j is told before anything is sent', async (inputs, why) => {
    const image = `registry.fly.io/${APP}@sha256:${'a'.repeat(64)}`;
    const asked = await fly.job.requests(async () => {
      const { annotations } = await fly.deploy({ image, ...inputs }, { fails: true });
      expect(annotations.at(-1)?.message).toMatch(why);
    });
    expect(asked).toEqual([]);
  });
});
