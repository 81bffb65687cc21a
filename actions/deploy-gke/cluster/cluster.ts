import { ActionError } from '@gangway/action';
import { type GoogleCloud, isGoogleError } from '@gangway/google-cloud';
import { fields, flag, list, text } from '@gangway/http';
import type { ClusterName } from '../inputs/place.ts';

/** A cluster as the Kubernetes Engine API has it, as far as the action reads it. */
export interface Cluster {
  readonly name: string;
  readonly status?: string;
  readonly statusMessage?: string;
  readonly endpoint?: string;
  readonly masterAuth?: { readonly clusterCaCertificate?: string };
  readonly privateClusterConfig?: {
    readonly enablePrivateEndpoint?: boolean;
    readonly privateEndpoint?: string;
  };
  readonly controlPlaneEndpointsConfig?: {
    readonly dnsEndpointConfig?: DnsEndpoint;
    readonly ipEndpointsConfig?: IpEndpoints;
  };
  readonly fleet?: { readonly membership?: string; readonly membershipType?: string };
  readonly nodeConfig?: NodeConfig;
  readonly nodePools?: readonly { readonly config?: NodeConfig }[];
  readonly autoscaling?: { readonly autoprovisioningNodePoolDefaults?: NodeConfig };
}

interface DnsEndpoint {
  readonly endpoint?: string;
  readonly allowExternalTraffic?: boolean;
}

interface IpEndpoints {
  readonly enabled?: boolean;
  readonly enablePublicEndpoint?: boolean;
  readonly publicEndpoint?: string;
  readonly privateEndpoint?: string;
}

interface NodeConfig {
  readonly serviceAccount?: string;
}

const NODE = fields<NodeConfig>({ serviceAccount: text });
const CLUSTER = fields<Cluster>(
  {
    name: text,
    status: text,
    statusMessage: text,
    endpoint: text,
    masterAuth: fields<NonNullable<Cluster['masterAuth']>>({ clusterCaCertificate: text }),
    privateClusterConfig: fields<NonNullable<Cluster['privateClusterConfig']>>({
      enablePrivateEndpoint: flag,
      privateEndpoint: text,
    }),
    controlPlaneEndpointsConfig: fields<NonNullable<Cluster['controlPlaneEndpointsConfig']>>({
      dnsEndpointConfig: fields<DnsEndpoint>({ endpoint: text, allowExternalTraffic: flag }),
      ipEndpointsConfig: fields<IpEndpoints>({
        enabled: flag,
        enablePublicEndpoint: flag,
        publicEndpoint: text,
        privateEndpoint: text,
      }),
    }),
    fleet: fields<NonNullable<Cluster['fleet']>>({ membership: text, membershipType: text }),
    nodeConfig: NODE,
    nodePools: list(fields<{ config?: NodeConfig }>({ config: NODE })),
    autoscaling: fields<NonNullable<Cluster['autoscaling']>>({ autoprovisioningNodePoolDefaults: NODE }),
  },
  'name',
);
const UNUSABLE = ['PROVISIONING', 'STOPPING', 'ERROR'];

/**
 * Reads a cluster.
 *
 * @throws ActionError `cluster-missing`, or `cluster-unusable` for one that is not up
 * @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters/get
 */
export async function readCluster(
  cloud: GoogleCloud,
  project: string,
  { location, name }: ClusterName,
): Promise<Cluster> {
  const path = `v1/projects/${project}/locations/${location}/clusters/${name}`;
  try {
    const cluster = await cloud.request({ service: 'container', method: 'GET', path, answer: CLUSTER });
    const { status = '', statusMessage } = cluster;
    if (!UNUSABLE.includes(status)) return cluster;
    throw new ActionError(
      `The cluster ${name} is not up: ${status}${statusMessage ? `: ${statusMessage}` : ''}.`,
      {
        code: 'cluster-unusable',
        hint:
          status === 'PROVISIONING'
            ? 'run the job again once it is created'
            : `look at it: gcloud container clusters describe ${name} --location=${location} --project=${project}`,
      },
    );
  } catch (error) {
    if (!isGoogleError(error, 404)) throw error;
    throw new ActionError(`There is no cluster ${name} in ${location} of the project ${project}.`, {
      code: 'cluster-missing',
      hint: `check cluster_name, location and project_id: "gcloud container clusters list --project=${project}" lists the existing ones`,
      cause: error,
    });
  }
}

/** The accounts that the nodes pull images as, e-mail addresses. `default` is that of Compute Engine. */
export function nodeAccounts(cluster: Cluster): string[] {
  const { nodeConfig, nodePools = [], autoscaling } = cluster;
  const configs = [
    ...nodePools.map(({ config }) => config),
    nodeConfig,
    autoscaling?.autoprovisioningNodePoolDefaults,
  ];
  return [...new Set(configs.flatMap((config) => (config?.serviceAccount ? [config.serviceAccount] : [])))];
}
