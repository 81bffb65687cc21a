import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A Docker configuration of the step's own. */
export interface DockerConfig {
  /** What Docker's client needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts a fresh access token where the client finds it; call it just before the client needs one. */
  setAccessToken(token: string): Promise<void>;
}

interface ConfigFile {
  auths?: Record<string, unknown>;
  credHelpers?: Record<string, string>;
  [key: string]: unknown;
}

const HELPER = 'gangway';

/**
 * Makes a Docker configuration in a directory of the step's: what the user's own says, plus a credential helper
 * for one registry. `~/.docker` is read, never written.
 *
 * @param directory an empty directory of mode 0700
 * @param registry host, e.g. `us-central1-docker.pkg.dev`
 * @see https://github.com/docker/docker-credential-helpers (the protocol of `get`)
 */
export async function createDockerConfig(directory: string, registry: string): Promise<DockerConfig> {
  const own = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker');
  const config = join(directory, 'docker');
  const bin = join(directory, 'bin');
  const credential = join(directory, 'credential.json');
  await mkdir(config, { mode: 0o700 });
  await mkdir(bin, { mode: 0o700 });

  const { auths = {}, credHelpers = {}, ...rest } = await readConfig(join(own, 'config.json'));
  const { [registry]: _, ...others } = auths;
  // A helper per registry wins over auths and over a credsStore, which the user may have.
  const merged = { ...rest, auths: others, credHelpers: { ...credHelpers, [registry]: HELPER } };
  await writeFile(join(config, 'config.json'), JSON.stringify(merged), { mode: 0o600 });
  for (const part of ['cli-plugins', 'contexts']) {
    if (existsSync(join(own, part))) await symlink(join(own, part), join(config, part));
  }
  const helper = join(bin, `docker-credential-${HELPER}`);
  await writeFile(helper, `#!/bin/sh\n[ "$1" = get ] && exec cat '${credential}'\nexit 0\n`);
  await chmod(helper, 0o700);

  return {
    env: {
      DOCKER_CONFIG: config,
      // Builders that the user made stay usable; they live beside the configuration.
      BUILDX_CONFIG: process.env.BUILDX_CONFIG ?? join(own, 'buildx'),
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    },
    setAccessToken: (token) =>
      writeFile(
        credential,
        JSON.stringify({ ServerURL: registry, Username: 'oauth2accesstoken', Secret: token }),
        { mode: 0o600 },
      ),
  };
}

async function readConfig(path: string): Promise<ConfigFile> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ConfigFile;
  } catch {
    // None, or not JSON: Docker itself would only warn.
    return {};
  }
}
