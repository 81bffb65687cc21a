export { type Cluster, type ClusterOptions, startCluster, type Webhooks } from './cluster.ts';
export { lackingForCluster } from './programs.ts';
