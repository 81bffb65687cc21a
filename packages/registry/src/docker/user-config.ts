import { join } from 'node:path';
import { homeDirectory, LIMITS, readText } from '@gangway/files';

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
 * The user's own Docker configuration, and where it lies. None, or one that can't be read, is an empty one: Docker itself
 * would only warn. What is of another type than Docker writes is left out.
 *
 * @see https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties
 */
export async function readUserConfig(): Promise<{ readonly directory: string; readonly config: ConfigFile }> {
  const directory = process.env.DOCKER_CONFIG || join(homeDirectory() ?? '/', '.docker');
  const { auths, credHelpers, credsStore, ...rest } = read(join(directory, 'config.json'));
  const config: ConfigFile = {
    ...rest,
    ...(isRecord(auths) && { auths: entriesOf(auths, isLogin) }),
    ...(isRecord(credHelpers) && { credHelpers: entriesOf(credHelpers, isText) }),
    ...(isText(credsStore) && { credsStore }),
  };
  return { directory, config };
}

function read(path: string): Record<string, unknown> {
  try {
    const config: unknown = JSON.parse(readText(path, LIMITS.settings));
    return isRecord(config) ? config : {};
  } catch {
    return {};
  }
}

function entriesOf<T>(
  record: Record<string, unknown>,
  test: (value: unknown) => value is T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter((entry): entry is [string, T] => test(entry[1])));
}

function isLogin(value: unknown): value is StoredLogin | null {
  if (value === null) return true;
  if (!isRecord(value)) return false;
  return [value.auth, value.identitytoken].every((field) => field === undefined || isText(field));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
