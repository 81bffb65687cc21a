import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, type RunningCloud, startCloud, writeEnvironmentFiles } from '@gangway/emulator';

/** A local cloud that this process's environment points at, as a step's does. */
export interface CloudAround extends AsyncDisposable {
  readonly cloud: RunningCloud;
  readonly exports: Readonly<Record<string, string>>;
  /** Holds gcloud's configuration and the owner's Application Default Credentials. */
  readonly folder: string;
  readonly authorizedUserFile: string;
  /** GitHub's OIDC token for an audience, asked for as a job does. */
  readonly idToken: (audience: string) => Promise<string>;
  /** How many requests were made to a path. */
  count(path: string): number;
}

/** Starts a local cloud for tests; disposing of it restores the environment. */
export async function cloudAround(options: Parameters<typeof startCloud>[0] = {}): Promise<CloudAround> {
  const cloud = await startCloud(options);
  const folder = await mkdtemp(join(tmpdir(), 'gangway-auth-'));
  const files = await writeEnvironmentFiles(cloud, folder);
  const exports = environment(cloud, files);
  const before = { ...process.env };
  Object.assign(process.env, exports);
  return {
    cloud,
    exports,
    folder,
    authorizedUserFile: files.authorizedUser,
    async idToken(audience) {
      const url = `${exports.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${encodeURIComponent(audience)}`;
      const headers = { authorization: `Bearer ${exports.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
      const { value } = (await (await fetch(url, { headers })).json()) as { value: string };
      return value;
    },
    count: (path) => cloud.requests.filter((request) => request.path.split('?')[0] === path).length,
    async [Symbol.asyncDispose]() {
      for (const name of Object.keys(exports)) delete process.env[name];
      Object.assign(process.env, before);
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
