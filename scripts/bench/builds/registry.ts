import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { environment, type RunningCloud, startCloud, writeEnvironmentFiles } from '@gangway/emulator';
import { baseImage, find, run, startEngine } from '@gangway/engine';

/** A registry on loopback, with the base image that the builds start from. */
export interface BenchRegistry extends AsyncDisposable {
  /** What an action needs in its environment to take it for Google's. */
  readonly exports: Readonly<Record<string, string>>;
  /** `HOST/us-central1-docker.pkg.dev/PROJECT/bench`. */
  readonly repository: string;
  readonly base: string;
  /** A Docker configuration that is signed in to it. */
  readonly dockerConfig: string;
}

/** Where Debian keeps the certificate authorities that a machine trusts. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const BELOW = 'us-central1-docker.pkg.dev/demo-project/bench';

/** Starts the local cloud, and pushes a Debian with Node and npm to it. */
export async function startRegistry(): Promise<BenchRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'gangway-bench-builds-'));
  const cloud = await startCloud();
  const exports = environment(cloud, await writeEnvironmentFiles(cloud, directory));
  const host = new URL(cloud.origin).host;
  const token = ownerToken(cloud);
  await fetch(
    `${cloud.origin}/v1/projects/demo-project/locations/us-central1/repositories?repositoryId=bench`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ format: 'DOCKER' }),
    },
  );
  const dockerConfig = join(directory, 'docker');
  await mkdir(join(dockerConfig, 'cli-plugins'), { recursive: true });
  const [plugin] = find('docker-buildx');
  if (plugin) await symlink(plugin, join(dockerConfig, 'cli-plugins/docker-buildx'));
  const auth = Buffer.from(`oauth2accesstoken:${token}`).toString('base64');
  await writeFile(join(dockerConfig, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  const repository = `${host}/${BELOW}`;
  const base = `${repository}/base:node`;
  await pushBase(base, directory, dockerConfig);
  return {
    exports,
    repository,
    base,
    dockerConfig,
    async [Symbol.asyncDispose]() {
      await cloud.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What `node:24-slim` is, where no image can be pulled. */
async function pushBase(reference: string, directory: string, dockerConfig: string): Promise<void> {
  const engine = await startEngine({ onProgress: console.error });
  const docker = (...args: string[]) =>
    run(engine.docker, args, {
      env: { ...process.env, ...engine.environment, DOCKER_CONFIG: dockerConfig, DOCKER_BUILDKIT: '0' },
    });
  try {
    const context = join(directory, 'base');
    await mkdir(context);
    const [npm = ''] = find('npm');
    await cp(await realpath(process.execPath), join(context, 'node'));
    await cp(dirname(dirname(await realpath(npm))), join(context, 'npm'), { recursive: true });
    // npm asks through what signs this machine's connections, if anything does.
    await cp(CERTIFICATES, join(context, 'certificates'));
    const dockerfile = `FROM ${await baseImage(engine, { onProgress: console.error })}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY certificates ${CERTIFICATES}
ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
`;
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    await docker('build', '--quiet', '--network=none', '--tag', reference, context);
    await docker('push', '--quiet', reference);
    await docker('rmi', '--no-prune', reference);
  } finally {
    await engine.stop();
  }
}

function ownerToken(cloud: RunningCloud): string {
  const owner = { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' };
  return cloud.tokens.issue(owner, 86_400).token;
}
