import { existsSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ActionError } from '@gangway/action/error';
import { readUserConfig } from './user-config.ts';

/** Directories that make up a Docker configuration of our own. */
export interface WrittenConfig {
  /** Where the user's own configuration lies. */
  readonly own: string;
  /** What Docker's client needs in its environment, the helper's directory on the PATH aside. */
  readonly env: Readonly<Record<string, string>>;
  /** Where Docker looks for the credential helper, for the PATH. */
  readonly bin: string;
}

/**
 * Writes a Docker configuration: what the user's own says, plus a credential helper for some registries. `~/.docker` is read, never
 * written.
 *
 * @param directory an empty directory of mode 0700
 * @param helper name of the helper, as the end of `docker-credential-NAME`
 * @param script what the helper is, as a shell script
 * @param registries hosts that the helper is for
 * @param others hosts that it is for where the user's configuration says nothing of them
 * @throws ActionError `runner-temp` when the directory can't be on a PATH
 */
export async function writeConfig(
  directory: string,
  helper: string,
  script: string,
  registries: readonly string[],
  others: readonly string[] = [],
): Promise<WrittenConfig> {
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
  const logins = Object.fromEntries(Object.entries(auths).filter(([host]) => !registries.includes(host)));
  // A helper per registry wins over auths and over a credsStore, which the user may have.
  const silent = others.filter((host) => !auths[host] && !credHelpers[host]);
  const helpers = Object.fromEntries([...silent, ...registries].map((host) => [host, helper]));
  const merged = { ...rest, auths: logins, credHelpers: { ...credHelpers, ...helpers } };
  await writeFile(join(config, 'config.json'), JSON.stringify(merged), { mode: 0o600 });
  for (const part of ['cli-plugins', 'contexts']) {
    if (existsSync(join(own, part))) await symlink(join(own, part), join(config, part));
  }
  const program = join(bin, `docker-credential-${helper}`);
  await writeFile(program, script);
  await chmod(program, 0o700);
  return {
    own,
    bin,
    env: {
      DOCKER_CONFIG: config,
      // Where the client looks for certificates of a remote engine, which it would seek in this directory.
      ...(!process.env.DOCKER_CERT_PATH && existsSync(join(own, 'ca.pem')) && { DOCKER_CERT_PATH: own }),
    },
  };
}

/** A path as a shell takes it. */
export function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
