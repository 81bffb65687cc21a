import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningCloud } from '@gangway/emulator';
import { find, goTools, run } from '@gangway/engine';

// needs: engine, pack, busybox

const BUILDPACK_APIS = ['0.10', '0.11'];
const PLATFORM_APIS = ['0.12', '0.13', '0.14'];
const PHASES = 'analyzer builder creator detector exporter extender rebaser restorer'.split(' ');

const USERS = {
  'etc/passwd': 'root:x:0:0::/:/bin/sh\ncnb:x:1000:1000::/:/bin/sh\n',
  'etc/group': 'root:x:0:\ncnb:x:1000:\n',
};

/** Takes what has an app.sh; a layer is what a language's dependencies would be. */
const BUILDPACK: Readonly<Record<string, string>> = {
  'buildpack.toml': `api = "0.10"
[buildpack]
id = "gangway/shell"
version = "1.0.0"
[[targets]]
os = "linux"
`,
  'bin/detect': `#!/bin/sh
test -f app.sh || exit 100
`,
  'bin/build': `#!/bin/sh
set -e
if [ -f fail ]; then echo "first"; echo "the reason" >&2; exit 7; fi
if [ -f wait ]; then echo "waiting"; sleep 60; fi
layer=$1/tools
mkdir -p $layer
if [ -f $layer/made ]; then echo "reusing tools"; else echo "making tools"; echo yes > $layer/made; fi
printf '[types]\\nlaunch = true\\ncache = true\\n' > $layer.toml
printf '%s' "\${GREETING-none}" > greeting
printf '[[processes]]\\ntype = "web"\\ncommand = ["sh", "app.sh"]\\ndefault = true\\n' > $1/launch.toml
`,
};

/** A tiny builder in the registry of a local cloud, made by pack itself. */
export interface PackBuilder extends AsyncDisposable {
  /** As a user would write it. */
  readonly name: string;
  /** Makes the builder be another one, which does the same. */
  move(): Promise<void>;
}

/**
 * Makes a tiny builder whose one buildpack takes what has an app.sh, and the repository `images` for it.
 */
export async function makePackBuilder(cloud: RunningCloud): Promise<PackBuilder> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-pack-'));
  const registry = new URL(cloud.origin).host;
  const base = `${registry}/us-central1-docker.pkg.dev/demo-project/images`;
  const env = { ...process.env, DOCKER_CONFIG: join(folder, 'docker'), PACK_HOME: join(folder, 'home') };
  const docker = (...args: string[]) => run('docker', args, { env });
  await signIn(cloud, registry, env.DOCKER_CONFIG);
  await writeFiles(join(folder, 'buildpack'), BUILDPACK, 0o755);
  await makeRoot(join(folder, 'root'));
  // Of each builder its own: pack takes buildpacksio/lifecycle by the version that the builder names, and other test files use the
  // same engine.
  const version = `${goTools.lifecycle.version.slice(1)}-test-${randomBytes(4).toString('hex')}`;
  const lifecycleImage = `buildpacksio/lifecycle:${version}`;
  await makeLifecycle(join(folder, 'lifecycle'), version);
  const changes = [
    'ENV CNB_USER_ID=1000 CNB_GROUP_ID=1000 PATH=/bin',
    'LABEL io.buildpacks.base.distro.name=gangway io.buildpacks.base.distro.version=1',
    'USER 1000:1000',
  ];
  await importImage(join(folder, 'root'), changes, `${base}/run:1`);
  await run('tar', ['-C', join(folder, 'lifecycle'), '-czf', join(folder, 'lifecycle.tgz'), '.']);
  await importLifecycle(join(folder, 'lifecycle'), version, lifecycleImage);
  await docker('push', '--quiet', `${base}/run:1`);
  const make = async (description: string) => {
    await writeFile(
      join(folder, 'builder.toml'),
      `description = "${description}"
[[buildpacks]]
uri = "buildpack"
[[order]]
[[order.group]]
id = "gangway/shell"
version = "1.0.0"
[lifecycle]
uri = "lifecycle.tgz"
[build]
image = "${base}/run:1"
[[run.images]]
image = "${base}/run:1"
`,
    );
    const config = ['--config', join(folder, 'builder.toml'), '--pull-policy', 'if-not-present'];
    await run('pack', ['builder', 'create', `${base}/builder:1`, ...config], { env });
    await docker('push', '--quiet', `${base}/builder:1`);
  };
  await make('The first');
  return {
    name: 'us-central1-docker.pkg.dev/demo-project/images/builder:1',
    move: () => make('The second'),
    async [Symbol.asyncDispose]() {
      await docker('image', 'rm', '--force', lifecycleImage);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes the repository, and Docker's own login, as an owner. */
async function signIn(cloud: RunningCloud, registry: string, directory: string): Promise<void> {
  const { token } = cloud.tokens.issue(
    { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' },
    3600,
  );
  await fetch(
    `${cloud.origin}/v1/projects/demo-project/locations/us-central1/repositories?repositoryId=images`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ format: 'DOCKER' }),
    },
  );
  const auth = Buffer.from(`oauth2accesstoken:${token}`).toString('base64');
  await writeFiles(directory, { 'config.json': JSON.stringify({ auths: { [registry]: { auth } } }) }, 0o600);
}

async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
  mode: number,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text, { mode });
  }
}

/** A root with a shell, and a user for builds. */
async function makeRoot(root: string): Promise<void> {
  const [busybox = ''] = find('busybox');
  await writeFiles(root, USERS, 0o644);
  for (const name of ['bin', 'tmp']) await mkdir(join(root, name));
  await chmod(join(root, 'tmp'), 0o777);
  await copyFile(busybox, join(root, 'bin/busybox'));
  for (const name of ['sh', 'mkdir', 'cat', 'ls', 'find', 'sort', 'tr', 'sleep'])
    await symlink('busybox', join(root, 'bin', name));
  await chmod(root, 0o755);
}

async function makeLifecycle(folder: string, version: string): Promise<void> {
  await writeFiles(
    folder,
    {
      ...USERS,
      'lifecycle.toml': `[apis]
[apis.buildpack]
deprecated = []
supported = ${JSON.stringify(BUILDPACK_APIS)}
[apis.platform]
deprecated = []
supported = ${JSON.stringify(PLATFORM_APIS)}
[lifecycle]
version = "${version}"
`,
    },
    0o644,
  );
  await mkdir(join(folder, 'tmp'));
  await chmod(join(folder, 'tmp'), 0o777);
  await mkdir(join(folder, 'lifecycle'));
  for (const name of ['lifecycle', 'launcher']) {
    await copyFile(find(name)[0] ?? '', join(folder, 'lifecycle', name));
    await chmod(join(folder, 'lifecycle', name), 0o755);
  }
  for (const phase of PHASES) await symlink('lifecycle', join(folder, 'lifecycle', phase));
}

/** The image that pack runs the phases in which see the registry's credentials, for a builder that it does not trust. */
async function importLifecycle(folder: string, version: string, image: string): Promise<void> {
  const apis = {
    buildpack: { deprecated: [], supported: BUILDPACK_APIS },
    platform: { deprecated: [], supported: PLATFORM_APIS },
  };
  const label = (name: string, value: string) => `LABEL ${name}=${JSON.stringify(value)}`;
  await importImage(
    folder,
    [
      label('io.buildpacks.lifecycle.version', version),
      label('io.buildpacks.lifecycle.apis', JSON.stringify(apis)),
    ],
    image,
    ['--transform', 's,^\\./lifecycle/,./cnb/lifecycle/,', '--exclude', './lifecycle.toml'],
  );
}

async function importImage(
  folder: string,
  changes: readonly string[],
  image: string,
  options: readonly string[] = [],
): Promise<void> {
  const script =
    'root=$1 image=$2; shift 2; tar -C "$root" $TAR_OPTIONS_OF_TEST -c . | docker import "$@" - "$image"';
  const env = { ...process.env, TAR_OPTIONS_OF_TEST: options.join(' ') };
  await run('sh', ['-c', script, 'sh', folder, image, ...changes.flatMap((change) => ['-c', change])], {
    env,
  });
}
