import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is read of Docker's `config.json`; the rest is kept as it is. */
export interface ConfigFile {
  readonly auths?: Readonly<Record<string, StoredLogin | null>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
  readonly [key: string]: unknown;
}

/** What `docker login` writes where no credential store is set up. */
export interface StoredLogin {
  /** `user:password` in base64. */
  readonly auth?: string;
  readonly identitytoken?: string;
}

/**
 * The user's own Docker configuration, and where it lies. None, or one that is not JSON, is an empty one: Docker itself would
 * only warn.
 *
 * @see https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties
 */
export async function readUserConfig(): Promise<{ readonly directory: string; readonly config: ConfigFile }> {
  const directory = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker');
  try {
    const config: unknown = JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'));
    return { directory, config: typeof config === 'object' && config !== null ? { ...config } : {} };
  } catch {
    return { directory, config: {} };
  }
}
