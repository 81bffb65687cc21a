import { writeFile } from 'node:fs/promises';

/**
 * Writes what a client needs to reach an API server with a token.
 *
 * @param path of the file
 * @param certificate of the authority that the server's is checked by, PEM; undefined for one that answers without TLS
 * @returns the path
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export async function writeKubeconfig(
  path: string,
  server: string,
  certificate: string | undefined,
  token: string,
): Promise<string> {
  const data = certificate && Buffer.from(certificate).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server, ...(data && { 'certificate-authority-data': data }) } }],
    users: [{ name: 'local', user: token ? { token } : {} }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local', namespace: 'default' } }],
    'current-context': 'local',
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
