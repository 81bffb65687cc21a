export { type Cluster, type ClusterOptions, startCluster } from './cluster.ts';
export { startGkeCluster } from './gke.ts';
export { lackingForCluster } from './programs.ts';
