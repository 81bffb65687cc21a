import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { makeBuildxConfig } from './buildx-config.ts';
import { HELPER_PROGRAM, serveCredentials } from './credential-server.ts';
import { quoted, writeConfig } from './write-config.ts';

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
  // Docker runs helpers by name; this one is run by the Node that runs the step, which needs not be on PATH.
  const program = join(directory, 'credentials.cjs');
  const script = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(program)} "$@"\n`;
  const { own, bin, env } = await writeConfig(directory, HELPER, script, [registry], others);
  await writeFile(program, HELPER_PROGRAM, { mode: 0o600 });
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
      ...env,
      // Builders that the user made stay usable; they live beside the configuration.
      BUILDX_CONFIG: await makeBuildxConfig(directory, buildx, context),
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    },
    failure: () => failure,
  };
}
