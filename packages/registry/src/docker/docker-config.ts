import { existsSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ActionError } from '@gangway/action/error';
import { makeBuildxConfig } from './buildx-config.ts';
import { HELPER_PROGRAM, serveCredentials } from './credential-server.ts';
import { readUserConfig } from './user-config.ts';

/** A Docker configuration of the step's own. */
export interface DockerConfig {
  /** What Docker's client needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Why the client last got no token, if it got none; Docker itself would only say that its helper failed. */
  failure(): unknown;
}

/** What a Docker configuration is told beside its registry. */
export interface DockerConfigOptions {
  /** Registries that take the same token, where the user's configuration says nothing of them. */
  readonly others?: readonly string[];
  /** Path of the build context; buildx keeps files of each apart. */
  readonly context?: string;
  /** User whose password the token is; default is the one that Google's registries ask for. */
  readonly username?: string;
}

const HELPER = 'gangway';

/**
 * Makes a Docker configuration in a directory of the step's: what the user's own says, plus a credential helper
 * for one registry and those that take the same token, which asks this process for a fresh token each time Docker wants
 * one. `~/.docker` is read, never written.
 *
 * @param directory an empty directory of mode 0700
 * @param registry host, e.g. `us-central1-docker.pkg.dev`
 * @param token a token, such as an access token with a while to live
 * @see https://github.com/docker/docker-credential-helpers (the protocol of `get`)
 */
export async function createDockerConfig(
  directory: string,
  registry: string,
  token: () => Promise<string>,
  { others = [], context = '.', username = 'oauth2accesstoken' }: DockerConfigOptions = {},
): Promise<DockerConfig> {
  const config = join(directory, 'docker');
  const bin = join(directory, 'bin');
  if (bin.includes(delimiter) || /[\r\n]/.test(bin))
    throw new ActionError(
      `RUNNER_TEMP leads to ${JSON.stringify(directory)}, which can't be on the PATH, where Docker looks for credential helpers.`,
      {
        code: 'runner-temp',
        hint: `let the runner work in a directory whose path has no "${delimiter}" and no line feed`,
      },
    );
  await mkdir(config, { mode: 0o700 });
  await mkdir(bin, { mode: 0o700 });

  const { directory: own, config: given } = await readUserConfig();
  const { auths = {}, credHelpers = {}, ...rest } = given;
  const { [registry]: _, ...logins } = auths;
  // A helper per registry wins over auths and over a credsStore, which the user may have.
  const silent = others.filter((host) => !auths[host] && !credHelpers[host]);
  const helpers = Object.fromEntries([...silent, registry].map((host) => [host, HELPER]));
  const merged = { ...rest, auths: logins, credHelpers: { ...credHelpers, ...helpers } };
  await writeFile(join(config, 'config.json'), JSON.stringify(merged), { mode: 0o600 });
  for (const part of ['cli-plugins', 'contexts']) {
    if (existsSync(join(own, part))) await symlink(join(own, part), join(config, part));
  }
  await writeHelper(directory, bin);
  const buildx = process.env.BUILDX_CONFIG || join(own, 'buildx');
  let failure: unknown;
  await serveCredentials(directory, async () => {
    try {
      failure = undefined;
      return { ServerURL: registry, Username: username, Secret: await token() };
    } catch (error) {
      failure = error;
      throw error;
    }
  });
  return {
    env: {
      DOCKER_CONFIG: config,
      // Where the client looks for certificates of a remote engine, which it would seek in the step's directory.
      ...(!process.env.DOCKER_CERT_PATH && existsSync(join(own, 'ca.pem')) && { DOCKER_CERT_PATH: own }),
      // Builders that the user made stay usable; they live beside the configuration.
      BUILDX_CONFIG: await makeBuildxConfig(directory, buildx, context),
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    },
    failure: () => failure,
  };
}

/** Docker runs helpers by name; this one is run by the Node that runs the step, which needs not be on PATH. */
async function writeHelper(directory: string, bin: string): Promise<void> {
  const program = join(directory, 'credentials.cjs');
  await writeFile(program, HELPER_PROGRAM, { mode: 0o600 });
  const helper = join(bin, `docker-credential-${HELPER}`);
  await writeFile(helper, `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(program)} "$@"\n`);
  await chmod(helper, 0o700);
}

function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
