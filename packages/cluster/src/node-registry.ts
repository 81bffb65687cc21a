import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A registry that stands in for others. */
export interface NodeRegistry {
  /**
   * Where it answers, e.g. `http://127.0.0.1:8080`: the image `HOST/PATH` is `/v2/HOST/PATH` there. Undefined where the node finds it by the
   * names of those hosts, by http.
   */
  readonly origin: string | undefined;
  /** The hosts that it stands in for, e.g. `us-central1-docker.pkg.dev`. */
  readonly hosts: readonly string[];
  /** Who pulls: the account of the node. */
  readonly username: string;
  readonly password: string;
}

/** containerd reads it where its configuration names this directory. */
export const HOSTS_DIRECTORY = '/run/registries';
const PROVIDER = 'registry-credentials';

/**
 * Writes what has containerd pull from a registry, and the kubelet sign in there, as on a node of Kubernetes Engine.
 *
 * @param runs the directory that is the node's /run
 * @returns the flags of the kubelet
 * @see https://github.com/containerd/containerd/blob/v1.7.27/docs/hosts.md
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
 */
export async function writeNodeRegistry(
  runs: string,
  { origin, hosts, username, password }: NodeRegistry,
): Promise<readonly string[]> {
  for (const host of hosts) {
    const folder = join(runs, 'registries', host);
    await mkdir(folder, { recursive: true });
    const url = origin ? `${origin}/v2/${host}` : `http://${host}/v2`;
    await writeFile(
      join(folder, 'hosts.toml'),
      `server = "${url}"\n[host."${url}"]\n  capabilities = ["pull", "resolve"]\n  override_path = true\n`,
    );
  }
  const folder = join(runs, 'credential-providers');
  await mkdir(folder);
  const apiVersion = 'credentialprovider.kubelet.k8s.io/v1';
  const auth = Object.fromEntries(hosts.map((host) => [host, { username, password }]));
  const response = {
    ...{ apiVersion, kind: 'CredentialProviderResponse', cacheKeyType: 'Registry', cacheDuration: '0s' },
    auth,
  };
  await writeFile(join(runs, 'registry-credentials.json'), JSON.stringify(response), { mode: 0o600 });
  const program = '#!/bin/sh\nexec cat /run/registry-credentials.json\n';
  await writeFile(join(folder, PROVIDER), program, { mode: 0o755 });
  const config = {
    ...{ apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig' },
    providers: [{ name: PROVIDER, apiVersion, matchImages: hosts, defaultCacheDuration: '0s' }],
  };
  await writeFile(join(runs, 'credential-providers.json'), JSON.stringify(config));
  return [
    '--image-credential-provider-config=/run/credential-providers.json',
    '--image-credential-provider-bin-dir=/run/credential-providers',
  ];
}
