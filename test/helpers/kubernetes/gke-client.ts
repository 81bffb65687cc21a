import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { find } from '@gangway/engine';

/** What gke-gcloud-auth-plugin does, for machines that have it not: gives kubectl the token of gcloud. */
const PLUGIN = `#!/bin/sh
token=$(cat "$CLOUDSDK_AUTH_ACCESS_TOKEN_FILE")
echo '{"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential", "status": {"token": "'$token'"}}'
`;

/**
 * A PATH on which kubectl finds what it signs in to a cluster of Kubernetes Engine with.
 *
 * @param folder to write into
 */
export async function pathWithPlugin(folder: string): Promise<string> {
  const path = process.env.PATH ?? '';
  if (find('gke-gcloud-auth-plugin').length > 0) return path;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'gke-gcloud-auth-plugin'), PLUGIN, { mode: 0o755 });
  return [folder, path].join(delimiter);
}
