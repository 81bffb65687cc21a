import { createHash } from 'node:crypto';
import { timestamp } from '../../kernel/clock.ts';
import type { Project } from '../../kernel/service/project.ts';
import { type Attached, membershipOf } from './state.ts';

const ALL_SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

/**
 * A cluster as the API shows it, of what there is of a real one: a Standard cluster of one node pool.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters
 */
export function shownCluster(cluster: Attached, { id, number }: Project): Record<string, unknown> {
  const { name, location, endpoint, certificate, nodes, createTime } = cluster;
  const path = `projects/${id}/locations/${location}/clusters/${name}`;
  const version = `${cluster.version}-gke.1000000`;
  const isZone = /-[a-z]$/.test(location);
  const zone = isZone ? location : `${location}-a`;
  const config = {
    machineType: 'e2-medium',
    oauthScopes: ALL_SCOPES,
    serviceAccount: 'default',
    imageType: 'COS_CONTAINERD',
    ...(cluster.identity && { workloadMetadataConfig: { mode: 'GKE_METADATA' } }),
  };
  const clusterCaCertificate = Buffer.from(certificate).toString('base64');
  return {
    name,
    id: createHash('sha256').update(`${path} ${createTime}`).digest('hex'),
    location,
    zone: location,
    locations: [zone],
    selfLink: `https://container.googleapis.com/v1/${path}`,
    status: 'RUNNING',
    createTime: timestamp(createTime),
    endpoint,
    masterAuth: { clusterCaCertificate },
    controlPlaneEndpointsConfig: {
      // The name that it would have; nothing answers there, so that it takes no traffic from outside.
      dnsEndpointConfig: {
        endpoint: `gke-${number}.${location.replace(/-[a-z]$/, '')}.gke.goog`,
        allowExternalTraffic: false,
      },
      ipEndpointsConfig: { enabled: true, enablePublicEndpoint: true, publicEndpoint: endpoint },
    },
    currentMasterVersion: version,
    currentNodeVersion: version,
    initialClusterVersion: version,
    currentNodeCount: nodes,
    ...(cluster.fleet && {
      fleet: {
        project: number,
        membership: `//gkehub.googleapis.com/projects/${number}/${membershipOf(cluster)}`,
      },
    }),
    network: 'default',
    subnetwork: 'default',
    ...(cluster.identity && { workloadIdentityConfig: { workloadPool: `${id}.svc.id.goog` } }),
    nodeConfig: config,
    nodePools: [
      {
        name: 'default-pool',
        config,
        initialNodeCount: nodes,
        locations: [zone],
        version,
        status: 'RUNNING',
      },
    ],
  };
}
