import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, run } from '@gangway/engine';
import { expect, it } from 'vitest';
import { startJob } from '../helpers/job.ts';
import { makePackBuilder } from '../helpers/pack-builder.ts';

// needs: engine, pack, busybox, flyctl
// takes minutes

const MISSING = find('flyctl').length === 0 || find('pack').length === 0 || !process.env.DOCKER_HOST;

it.skipIf(MISSING)('flyctl builds with the builder of buildpacks that fly.toml names', async () => {
  await using job = await startJob();
  const { cloud, temp } = job;
  await using builder = await makePackBuilder(cloud);
  const organization = cloud.fly.organizations.get('personal');
  if (!organization) throw new Error('the local cloud has no organization');
  const app = cloud.fly.addApp('packed', organization);
  const token = cloud.fly.tokens.issue({ kind: 'deploy', name: 'ci', organization, app, lifetime: 3600 });
  const workspace = await mkdtemp(join(tmpdir(), 'gangway-packed-'));
  await writeFile(join(workspace, 'app.sh'), 'busybox httpd -f -p 8080 -h .\n');
  await writeFile(join(workspace, 'index.html'), 'packed');
  const toml = `app = "packed"\nprimary_region = "iad"\n[build]\nbuilder = "${new URL(cloud.origin).host}/${builder.name}"\n[build.args]\nGREETING = "hello"\n[http_service]\ninternal_port = 8080\nauto_stop_machines = "off"\n`;
  await writeFile(join(workspace, 'fly.toml'), toml);
  // As docker/login-action leaves it: the builder is in a registry that asks who pulls it.
  const { token: access } = cloud.tokens.issue({ member: 'user:owner@example.com', memberOf: [] }, 3600);
  const auth = Buffer.from(`oauth2accesstoken:${access}`).toString('base64');
  const config = join(temp, 'own-docker');
  await mkdir(config, { recursive: true });
  await writeFile(
    join(config, 'config.json'),
    JSON.stringify({ auths: { [new URL(cloud.origin).host]: { auth } } }),
  );
  const { outputs, log } = await job.step(
    'fly-deploy',
    { api_token: token.macaroon, flyctl_version: 'path', strategy: 'immediate', verify: 'false' },
    {
      workspace,
      secrets: [access],
      env: {
        HTTPS_PROXY: 'http://127.0.0.1:9',
        NO_PROXY: '127.0.0.1',
        DOCKER_CONFIG: config,
        DOCKER_HOST: process.env.DOCKER_HOST ?? '',
      },
    },
  );
  expect(log).toContain('Building, because buildpacks may bring something else each time.');
  expect(outputs.image).toMatch(/\/packed(:[\w-]+)?@sha256:[0-9a-f]{64}$/);
  for (const { image } of app.machines.values()) expect(outputs.image).toContain(image.digest);
  // flyctl keeps the caches of a build in the engine.
  const volumes = (await run('docker', ['volume', 'ls', '--quiet'])).split('\n');
  const kept = volumes.filter((name) => name.startsWith('pack-cache-packed_cache-'));
  if (kept.length > 0) await run('docker', ['volume', 'rm', ...kept]);
});
