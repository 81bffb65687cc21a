import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createScratch, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import type { Way } from '../cluster/way.ts';

/** Milliseconds between looks at whether the token is a new one: client-go reads the file once a minute. */
const RENEW = 30_000;

/** What programs that speak to the cluster by themselves are given, while they run. */
export interface Kubeconfig extends AsyncDisposable {
  readonly path: string;
  /** A folder of the step's own for more, which goes with it. */
  readonly folder: string;
}

/**
 * Writes a kubeconfig that leads to the cluster alone, mode 0600. Its token is in a file of its own, which is kept fresh until it is
 * disposed of. All of it is removed then, or by the post step.
 */
export async function writeKubeconfig(
  { server, ca }: Pick<Way, 'server' | 'ca'>,
  namespace: string,
  client: TokenClient,
): Promise<Kubeconfig> {
  const folder = await mkdtemp(join(await createScratch(), 'kube-'));
  const tokenFile = join(folder, 'token');
  let written = '';
  const renew = async () => {
    const token = (await client.getRequestHeaders()).get('authorization')?.replace(/^Bearer /i, '') ?? '';
    if (token === written) return;
    await writeFile(`${tokenFile}.new`, token, { mode: 0o600 });
    await rename(`${tokenFile}.new`, tokenFile);
    written = token;
  };
  await renew();
  const cluster = { server, ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }) };
  const path = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'gke', cluster }],
    users: [{ name: 'gangway', user: { tokenFile } }],
    contexts: [{ name: 'gke', context: { cluster: 'gke', user: 'gangway', namespace } }],
    'current-context': 'gke',
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  const timer = setInterval(() => {
    renew().catch((error: Error) => log.warning(`The token for helm can't be renewed: ${error.message}`));
  }, RENEW);
  return {
    path,
    folder,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
