export { type Cluster, type ClusterOptions, startCluster } from './cluster.ts';
export { lackingForCluster } from './programs.ts';
