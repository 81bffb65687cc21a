import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, run, startBuildkit } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuilders } from '../helpers/builders.ts';
import { copyBusybox } from '../helpers/busybox.ts';
import { startJob } from '../helpers/job.ts';

// needs: base-image, busybox, buildx, buildkit, flyctl

// An instruction whose result tells builds apart: what comes from a cache is the same again.
const DOCKERFILE = `FROM scratch AS tools
COPY busybox /bin/busybox
ENV PATH=/bin
SHELL ["/bin/busybox", "sh", "-c"]
FROM tools AS deps
RUN busybox mkdir /www && busybox cat /proc/sys/kernel/random/uuid >/www/deps
FROM tools AS site
COPY --from=deps /www /www
COPY *.html secret.tx[t] /www/
CMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
FROM site AS other
CMD ["/bin/false"]
`;
const TOML = `primary_region = "iad"
[build]
dockerfile = "site.Dockerfile"
build-target = "site"
ignorefile = "site.ignore"
[http_service]
internal_port = 8080
auto_stop_machines = "off"
`;

const builders = await findBuilders(['remote']);
const [remote] = builders.all;
const missing = remote?.missing || (find('busybox').length === 0 && 'no busybox');
const lacking = missing || (find('flyctl').length === 0 && 'no flyctl');

describe.skipIf(lacking)(`a builder of buildx ${remote?.title}`, () => {
  let workspace: string;
  beforeAll(async () => {
    await builders.start();
    workspace = await mkdtemp(join(tmpdir(), 'gangway-fly-'));
    await copyBusybox(join(workspace, 'busybox'));
    await writeFile(join(workspace, 'site.Dockerfile'), DOCKERFILE);
    await writeFile(join(workspace, 'site.ignore'), 'secret.txt\n');
    await writeFile(join(workspace, 'secret.txt'), 'not for the image');
    await writeFile(join(workspace, 'fly.toml'), TOML);
  });
  afterAll(async () => {
    await builders.stop();
    await rm(workspace, { recursive: true, force: true });
  });

  it('builds what fly.toml says, and spares a fresh runner what an earlier one did', async () => {
    await using job = await startJob();
    const { cloud } = job;
    const organization = cloud.fly.organizations.get('personal');
    if (!organization) throw new Error('the local cloud has no organization');
    const app = cloud.fly.addApp('site', organization);
    const token = cloud.fly.tokens.issue({ kind: 'deploy', name: 'ci', organization, app, lifetime: 3600 });
    const deploy = async (page: string, inputs = {}, options: Parameters<typeof job.step>[2] = {}) => {
      await writeFile(join(workspace, 'index.html'), page);
      return job.step(
        'fly-deploy',
        {
          ...{
            app: 'site',
            api_token: token.macaroon,
            flyctl_version: 'path',
            strategy: 'immediate',
            ha: 'false',
          },
          ...inputs,
        },
        {
          workspace,
          ...options,
          // No engine: what builds and pushes is the builder alone.
          env: { ...remote?.env, DOCKER_HOST: 'unix:///nowhere.sock', ...options.env },
        },
      );
    };
    const served = async (path: string) => (await fetch(new URL(path, app.url))).text();

    const first = await deploy('one');
    expect(first.log).toContain('There is no cache');
    expect(first.outputs.image).toMatch(/\/site:deployment-\w+@sha256:[0-9a-f]{64}$/);
    expect(await served('/index.html')).toBe('one');
    // BuildKit heeds an ignore file only beside the Dockerfile, and this one is named.
    expect(await served('/secret.txt')).not.toContain('not for the image');
    const deps = await served('/deps');

    const unchanged = await deploy('one');
    expect(unchanged.log).toContain('was built from the same sources: nothing is built.');
    expect(unchanged.outputs.changed).toBe('false');

    const fresh = await startBuildkit();
    try {
      const elsewhere = { env: { BUILDX_BUILDER: 'fresh' } };
      await run('docker', ['buildx', 'create', '--name', 'fresh', '--driver', 'remote', fresh.address], {
        env: { ...process.env, ...remote?.env },
      });
      const second = await deploy('two', {}, elsewhere);
      expect(second.log).toContain('Using the cache ');
      expect(await served('/index.html')).toBe('two');
      expect(await served('/deps')).toBe(deps);
      await deploy('two', { no_cache: 'true' }, elsewhere);
      expect(await served('/deps')).not.toBe(deps);
    } finally {
      await fresh.stop();
    }

    await writeFile(
      join(workspace, 'site.Dockerfile'),
      DOCKERFILE.replace('busybox cat', 'busybox no-such-applet'),
    );
    const { annotations } = await deploy('three', {}, { fails: true });
    expect(annotations.at(-1)?.message).toMatch(
      /buildx could not build site\. It ended with:[\s\S]*no-such-applet/,
    );
    await job.post();
  });
});
