import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DockerCredential } from './credential-server.ts';
import { writeConfig } from './write-config.ts';

/** What signs later steps of a job in to a registry. */
export interface JobLogin {
  /** Variables for these steps. */
  readonly env: Readonly<Record<string, string>>;
  /** A directory for their PATH. */
  readonly path: string;
}

/**
 * Makes a Docker configuration that outlives the step: what the user's own says, plus a credential helper that knows one token. It is
 * signed in until the directory is removed, or the token ends.
 *
 * @param directory the step's own directory of mode 0700, which the post step removes
 * @param registry host, e.g. `us-central1-docker.pkg.dev`
 * @param token an access token, masked
 * @param username user whose password the token is; default is the one that Google's registries ask for
 * @throws ActionError `runner-temp` when the directory can't be on a PATH
 * @see https://github.com/docker/docker-credential-helpers (the protocol)
 */
export async function createJobLogin(
  directory: string,
  registry: string,
  token: string,
  username = 'oauth2accesstoken',
): Promise<JobLogin> {
  const home = join(directory, 'job');
  await mkdir(home, { mode: 0o700 });
  const credential: DockerCredential = { ServerURL: registry, Username: username, Secret: token };
  await writeFile(join(home, 'credential.json'), JSON.stringify(credential), { mode: 0o600 });
  // A name of its own: another step of the job may have signed in to another registry in the same way.
  const helper = basename(directory);
  const { own, env, bin } = await writeConfig(home, helper, SCRIPT, [registry]);
  // Builders that docker/setup-buildx-action made stay usable; they live beside the user's configuration.
  const buildx = process.env.BUILDX_CONFIG || join(own, 'buildx');
  return { env: { ...env, BUILDX_CONFIG: buildx }, path: bin };
}

/** `docker logout` ends it; another login to the registry is refused, as the helper could not keep it. */
const SCRIPT = `#!/bin/sh
credential="$(dirname "$0")/../credential.json"
case "$1" in
get) cat "$credential" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
erase) rm -f "$credential" ;;
list) echo '{}' ;;
store) echo 'This job is signed in to the registry by build-and-push (docker_login: job). Remove that input to sign in otherwise.'; exit 1 ;;
esac
`;
