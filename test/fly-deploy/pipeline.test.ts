import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { copyBusybox } from '../helpers/busybox.ts';
import { startJob } from '../helpers/job.ts';

// needs: engine, busybox, flyctl

const [BUSYBOX = ''] = find('busybox');
const MISSING = !BUSYBOX || find('flyctl').length === 0 || !process.env.DOCKER_HOST;

const DOCKERFILE = `FROM scratch
COPY busybox /bin/busybox
COPY index.html /www/index.html
ENV PATH=/bin
CMD ["/bin/busybox", "httpd", "-f", "-v", "-p", "8080", "-h", "/www"]
`;
const fly = (release: string) => `app = "real"
primary_region = "iad"

[deploy]
release_command = "/bin/busybox sh -c '${release}'"

[http_service]
internal_port = 8080
auto_stop_machines = "off"

[[http_service.checks]]
path = "/"
interval = "2s"
timeout = "20s"
`;

describe.skipIf(MISSING)('from a Dockerfile to Fly.io, in containers', () => {
  it('builds, copies, migrates and answers; a migration that fails shows its log', async () => {
    await using job = await startJob();
    const workspace = await mkdtemp(join(tmpdir(), 'gangway-fly-'));
    await writeFile(join(workspace, 'Dockerfile'), DOCKERFILE);
    await copyBusybox(join(workspace, 'busybox'));
    const { cloud } = job;
    const organization = cloud.fly.organizations.get('personal');
    if (!organization) throw new Error('the local cloud has no organization');
    const app = cloud.fly.addApp('real', organization);
    const token = cloud.fly.tokens.issue({ kind: 'org', name: 'ci', organization, lifetime: 3600 });

    const deploy = async (page: string, release: string, inputs = {}, options = {}) => {
      await writeFile(join(workspace, 'index.html'), page);
      await writeFile(join(workspace, 'fly.toml'), fly(release));
      const image = 'us-central1-docker.pkg.dev/demo-project/real/real';
      const built = await job.step('build-and-push', { image, create_repository: 'true' }, { workspace });
      return job.step(
        'fly-deploy',
        {
          image: built.outputs.image ?? '',
          api_token: token.macaroon,
          flyctl_version: 'path',
          strategy: 'immediate',
          ...inputs,
        },
        {
          workspace,
          ...options,
          env: {
            HTTPS_PROXY: 'http://127.0.0.1:9',
            NO_PROXY: '127.0.0.1',
          },
        },
      );
    };

    const first = await deploy('one', 'echo migrated one', {});
    expect(first.log).toMatch(/Log of the release command[\s\S]*\nmigrated one/);
    expect(await (await fetch(app.url ?? '')).text()).toBe('one');

    const second = await deploy('two', 'echo migrated two');
    expect(second.summary).toContain('https://real.fly.dev, which answers 200');
    expect(await (await fetch(app.url ?? '')).text()).toBe('two');

    const third = await deploy('three', 'echo about to break; exit 4', { rollback: 'true' }, { fails: true });
    const told = third.annotations.at(-1)?.message ?? '';
    expect(told).toMatch(
      /failed with exit code 4 on the machine \w+; nothing was rolled out\. It ended with:/,
    );
    expect(told).toContain('| about to break');
    expect(await (await fetch(app.url ?? '')).text()).toBe('two');
    await job.post();
  });

  it('builds what fly.toml says with a token of Fly.io alone', async () => {
    await using job = await startJob();
    const workspace = await mkdtemp(join(tmpdir(), 'gangway-fly-'));
    const { cloud } = job;
    const organization = cloud.fly.organizations.get('personal');
    if (!organization) throw new Error('the local cloud has no organization');
    const app = cloud.fly.addApp('real', organization);
    const token = cloud.fly.tokens.issue({ kind: 'deploy', name: 'ci', organization, app, lifetime: 3600 });
    await mkdir(join(workspace, 'api/docker'), { recursive: true });
    await copyBusybox(join(workspace, 'api/busybox'));
    await writeFile(join(workspace, 'api/index.html'), 'built by flyctl');
    const dockerfile = `ARG FROM_TOML\nARG FROM_INPUT\n${DOCKERFILE.replace('FROM scratch', 'FROM scratch AS wanted')}
ARG FROM_TOML
ARG FROM_INPUT
LABEL args="$FROM_TOML $FROM_INPUT"
FROM wanted AS other
CMD ["/bin/false"]
`;
    await writeFile(join(workspace, 'api/docker/Dockerfile'), dockerfile);
    const toml = `primary_region = "iad"
[build]
dockerfile = "docker/Dockerfile"
build-target = "wanted"
[build.args]
FROM_TOML = "one"
[http_service]
internal_port = 8080
auto_stop_machines = "off"
`;
    await writeFile(join(workspace, 'api/fly.toml'), toml);
    const run = (inputs = {}, { env = {}, ...options }: Parameters<typeof job.step>[2] = {}) =>
      job.step(
        'fly-deploy',
        {
          ...{ app: 'real', working_directory: 'api', api_token: token.macaroon, flyctl_version: 'path' },
          ...{ strategy: 'immediate', verify: 'false', build_args: 'FROM_INPUT=two' },
          ...inputs,
        },
        {
          workspace,
          ...options,
          env: {
            HTTPS_PROXY: 'http://127.0.0.1:9',
            NO_PROXY: '127.0.0.1',
            ...(process.env.DOCKER_HOST && { DOCKER_HOST: process.env.DOCKER_HOST }),
            ...env,
          },
        },
      );
    const { outputs } = await run();
    expect(outputs.image).toMatch(/\/real(:[\w-]+)?@sha256:[0-9a-f]{64}$/);
    expect(await (await fetch(app.url ?? '')).text()).toBe('built by flyctl');
    // A runner without Docker, and so without any cache, takes what was built before.
    const nowhere = { env: { DOCKER_HOST: 'unix:///nowhere.sock' } };
    const again = await run({}, nowhere);
    expect(again.log).toContain('was built from the same sources: nothing is built.');
    expect(again.outputs.changed).toBe('false');
    expect(again.outputs.image?.split('@')[1]).toBe(outputs.image?.split('@')[1]);
    // On Fly's builder, where this runner has no Docker; Depot is not there.
    await writeFile(join(workspace, 'api/index.html'), 'built remotely');
    const remote = await run({ remote_only: 'true' }, nowhere);
    expect(remote.annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringMatching(/^Depot could not build:.*\n?.*Using Fly's own builder\./s),
      },
    ]);
    expect(remote.outputs.image).toMatch(/\/real(:[\w-]+)?@sha256:[0-9a-f]{64}$/);
    expect(remote.outputs.image).not.toBe(outputs.image);
    expect(await (await fetch(app.url ?? '')).text()).toBe('built remotely');
    await writeFile(
      join(workspace, 'api/docker/Dockerfile'),
      dockerfile.replace('ENV PATH', 'COPY missing /\nENV PATH'),
    );
    // After a failure on its own builder, flyctl looks for that at fly.dev for five minutes, whatever it is told.
    const broken = await run({ no_cache: 'true' }, { fails: true });
    expect(broken.annotations.at(-1)?.message).toMatch(/^flyctl could not build real\.[\s\S]*missing/);
    expect(cloud.fly.findApp('real')).toBe(app);
  });
});
