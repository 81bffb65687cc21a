import { join } from 'node:path';
import { ActionError } from '@gangway/action/error';
import { FileError, homeDirectory, LIMITS, readText } from '@gangway/files';
import { fileCredentials } from './file-credentials.ts';
import { metadataServer } from './metadata-server.ts';
import type { Source, Surroundings } from './source.ts';

/**
 * Application Default Credentials: GOOGLE_APPLICATION_CREDENTIALS (which google-github-actions/auth sets), gcloud's
 * own file, the metadata server (https://cloud.google.com/docs/authentication/application-default-credentials).
 *
 * @returns undefined when there are none
 * @throws ActionError `credentials-json` when there is a file that can't be used
 */
export async function defaultCredentials(surroundings: Surroundings): Promise<Source | undefined> {
  const { GOOGLE_APPLICATION_CREDENTIALS: named } = process.env;
  if (named) {
    return fileCredentials(readNamed(named), `GOOGLE_APPLICATION_CREDENTIALS ${named}`, surroundings);
  }
  const own = ownFile();
  const text = readOwn(own);
  if (text !== undefined) return fileCredentials(text, `gcloud's ${own}`, surroundings);
  return metadataServer(surroundings);
}

/** The text of the file with Application Default Credentials, where there is one that can be read. */
export function defaultCredentialsText(): string | undefined {
  const { GOOGLE_APPLICATION_CREDENTIALS: named } = process.env;
  return readOwn(named || ownFile());
}

/** The project that the environment or gcloud's active configuration names. */
export async function defaultProject(): Promise<string | undefined> {
  const { GOOGLE_CLOUD_PROJECT, CLOUDSDK_CORE_PROJECT, GCLOUD_PROJECT } = process.env;
  const named = GOOGLE_CLOUD_PROJECT || CLOUDSDK_CORE_PROJECT || GCLOUD_PROJECT;
  if (named) return named;
  const read = (...path: string[]) => readOwn(join(gcloudDirectory(), ...path)) ?? '';
  const active = process.env.CLOUDSDK_ACTIVE_CONFIG_NAME || read('active_config').trim() || 'default';
  const [, core = ''] = /^\[core\]\s*$([^[]*)/m.exec(read('configurations', `config_${active}`)) ?? [];
  return /^\s*project\s*=\s*(\S+)/m.exec(core)?.[1];
}

/** A file, where there is one. */
function readOwn(path: string): string | undefined {
  try {
    return readText(path, LIMITS.credentials);
  } catch {
    return undefined;
  }
}

function readNamed(path: string): string {
  try {
    return readText(path, LIMITS.credentials);
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    throw new ActionError(
      `The environment variable GOOGLE_APPLICATION_CREDENTIALS names ${path}, which can't be read: ${cause.message}.`,
      {
        code: 'credentials-file',
        hint: 'if google-github-actions/auth made it, put actions/checkout before that step, as a checkout empties the workspace; or set workload_identity_provider here, which needs no file',
        cause,
      },
    );
  }
}

function ownFile(): string {
  return join(gcloudDirectory(), 'application_default_credentials.json');
}

function gcloudDirectory(): string {
  return process.env.CLOUDSDK_CONFIG || join(homeDirectory() ?? '/', '.config', 'gcloud');
}
