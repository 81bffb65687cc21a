import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  environment,
  flyProvider,
  manualClock,
  openMachineSocket,
  type RunningCloud,
  startCloud,
  writeEnvironmentFiles,
} from '@gangway/emulator';
import { pushFlyImage } from '@gangway/emulator/testing';

/** A machine of Fly.io with its socket, whose organization Google federates, in a time that the test sets. */
export interface FlyMachine extends AsyncDisposable {
  readonly cloud: RunningCloud;
  readonly clock: ReturnType<typeof manualClock>;
  /** What the machine has as /.fly; the socket in it is `api`. */
  readonly fly: string;
  /** An external account configuration that takes the subject token from somewhere; returns its path. */
  configuration(source: Readonly<Record<string, unknown>>): Promise<string>;
  /** How many times Google's token service was asked. */
  exchanges(): number;
  /** Calls an API of Google's with an access token; throws unless it lets the machine in. */
  call(accessToken: string): Promise<void>;
}

export const VERTEX_ACCOUNT = 'deployer@demo-project.iam.gserviceaccount.com';

export async function startFlyMachine(): Promise<FlyMachine> {
  const clock = manualClock(Date.now());
  const cloud = await startCloud({ clock, simulateMachines: true });
  const folder = await mkdtemp(join(tmpdir(), 'gangway-fly-'));
  const files = await writeEnvironmentFiles(cloud, folder);
  const exports = environment(cloud, files);
  const token = await readFile(files.flyToken, 'utf8');
  const api = async (path: string, body: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${cloud.origin}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as { id: string };
  };
  await api('/v1/apps', { name: 'vertex-phoenix', org_slug: 'personal' });
  const image = await pushFlyImage({ cloud, token }, 'vertex-phoenix', 'one');
  const { id } = await api('/v1/apps/vertex-phoenix/machines', { config: { image } });
  const app = cloud.fly.app('vertex-phoenix');
  const machine = app?.machines.get(id);
  if (!app || !machine) throw new Error('There is no machine.');
  const fly = await mkdtemp(join(folder, 'dot-fly-'));
  const socket = await openMachineSocket(cloud, machine, join(fly, 'api'));

  const provider = flyProvider(cloud, app.organization);
  const pool = provider.replace(/\/providers\/.*/, '');
  cloud.iam.grant(
    `projects/${cloud.project.id}/serviceAccounts/${VERTEX_ACCOUNT}`,
    'roles/iam.workloadIdentityUser',
    `principalSet://iam.googleapis.com/${pool}/attribute.app_name/vertex-phoenix`,
  );
  return {
    cloud,
    clock,
    fly,
    async configuration(source) {
      const path = join(folder, 'credentials.json');
      const impersonation = `v1/projects/-/serviceAccounts/${VERTEX_ACCOUNT}:generateAccessToken`;
      const configuration = {
        universe_domain: 'googleapis.com',
        type: 'external_account',
        audience: `//iam.googleapis.com/${provider}`,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `${exports.CLOUDSDK_API_ENDPOINT_OVERRIDES_STS}v1/token`,
        service_account_impersonation_url: `${exports.CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS}${impersonation}`,
        credential_source: source,
      };
      await writeFile(path, JSON.stringify(configuration, null, 2));
      return path;
    },
    exchanges: () => cloud.requests.filter(({ path }) => path === '/v1/token').length,
    async call(accessToken) {
      const url = `${cloud.origin}/v1/projects/${cloud.project.id}/services/run.googleapis.com`;
      const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    },
    async [Symbol.asyncDispose]() {
      await socket.close();
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
