import { ActionError } from '@gangway/action';
import type { Endpoint } from '../inputs.ts';
import type { Cluster } from './cluster.ts';

/** How the API server is reached. */
export interface Way {
  readonly title: string;
  /** URL; undefined of the Connect gateway, which has a path of its own. */
  readonly server: string;
  /** PEM; undefined for a certificate that everybody trusts. */
  readonly ca: string | undefined;
  /** What has to be so for it to work: told when nothing answers. */
  readonly needs: string;
}

/**
 * Picks the way to a cluster's API server.
 *
 * @param asked by the inputs; `auto`: the DNS-based endpoint if it takes external traffic, the public address, the Connect gateway of a
 *   full member of a fleet, the internal address, in that order
 * @param gateway where the Connect gateway is, e.g. `https://connectgateway.googleapis.com`
 * @throws ActionError `endpoint-missing` when the cluster has not what is asked for
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
 */
export function pickWay(cluster: Cluster, asked: Endpoint, gateway: string): Way {
  const ways = {
    dns: dnsWay(cluster),
    public: publicWay(cluster),
    gateway: gatewayWay(cluster, gateway),
    internal: internalWay(cluster),
  };
  const way = asked === 'auto' ? (ways.dns ?? ways.public ?? ways.gateway ?? ways.internal) : ways[asked];
  if (way) return way;
  throw missing(cluster.name, asked);
}

function dnsWay({ controlPlaneEndpointsConfig }: Cluster): Way | undefined {
  const { endpoint, allowExternalTraffic } = controlPlaneEndpointsConfig?.dnsEndpointConfig ?? {};
  if (!endpoint || !allowExternalTraffic) return undefined;
  return {
    title: 'its DNS-based endpoint',
    server: `https://${endpoint}`,
    ca: undefined,
    needs:
      'the account needs the permission container.clusters.connect, which roles/container.clusterViewer has',
  };
}

function publicWay(cluster: Cluster): Way | undefined {
  const { endpoint, controlPlaneEndpointsConfig, privateClusterConfig } = cluster;
  const {
    enabled = true,
    enablePublicEndpoint,
    publicEndpoint,
  } = controlPlaneEndpointsConfig?.ipEndpointsConfig ?? {};
  const isPrivate = privateClusterConfig?.enablePrivateEndpoint === true || enablePublicEndpoint === false;
  const address = publicEndpoint ?? endpoint;
  if (!enabled || isPrivate || !address) return undefined;
  // A cluster without addresses has the name of its DNS-based endpoint there.
  if (address.endsWith('.gke.goog')) return undefined;
  return {
    title: 'its public address',
    server: `https://${address}`,
    ca: caOf(cluster),
    needs:
      'the authorized networks of the cluster must let the runner in; its DNS-based endpoint needs no address: gcloud container clusters update NAME --enable-dns-access',
  };
}

function internalWay(cluster: Cluster): Way | undefined {
  const { controlPlaneEndpointsConfig, privateClusterConfig } = cluster;
  const address =
    privateClusterConfig?.privateEndpoint ?? controlPlaneEndpointsConfig?.ipEndpointsConfig?.privateEndpoint;
  if (!address) return undefined;
  return {
    title: 'its internal address',
    server: `https://${address}`,
    ca: caOf(cluster),
    needs:
      "the runner must be in the cluster's network; from outside, turn the DNS-based endpoint on: gcloud container clusters update NAME --enable-dns-access",
  };
}

function gatewayWay({ fleet }: Cluster, gateway: string): Way | undefined {
  const [, project, location, membership] =
    /projects\/([^/]+)\/locations\/([^/]+)\/memberships\/([^/]+)$/.exec(fleet?.membership ?? '') ?? [];
  if (!membership || fleet?.membershipType === 'LIGHTWEIGHT') return undefined;
  return {
    title: 'the Connect gateway',
    server: `${gateway.replace(/\/$/, '')}/v1/projects/${project}/locations/${location}/gkeMemberships/${membership}`,
    ca: undefined,
    needs: 'the account needs roles/gkehub.gatewayEditor and roles/gkehub.viewer',
  };
}

function caOf({ masterAuth }: Cluster): string | undefined {
  const { clusterCaCertificate } = masterAuth ?? {};
  return clusterCaCertificate && Buffer.from(clusterCaCertificate, 'base64').toString('utf8');
}

function missing(name: string, asked: Endpoint): ActionError {
  const told = {
    auto: ['has no endpoint that can be used', 'turn its DNS-based endpoint on'],
    dns: ['has no DNS-based endpoint that takes external traffic', 'turn it on'],
    internal: ['has no internal address', 'leave use_internal_ip out'],
    gateway: ['is no full member of a fleet, so that the Connect gateway does not lead to it', 'register it'],
  } as const;
  const [what, cure] = told[asked];
  const command =
    asked === 'gateway'
      ? `gcloud container clusters update ${name} --enable-fleet`
      : `gcloud container clusters update ${name} --enable-dns-access`;
  return new ActionError(`The cluster ${name} ${what}.`, {
    code: 'endpoint-missing',
    hint: asked === 'internal' ? cure : `${cure}: ${command}`,
  });
}
