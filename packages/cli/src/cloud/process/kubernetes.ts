import { delimiter, dirname, join } from 'node:path';
import { type Cluster, lackingForCluster, startGkeCluster } from '@gangway/cluster';
import type { RunningCloud } from '@gangway/emulator';
import { CLUSTER_TOOLS, currentEngineRoot, findGoTools, howToGet } from '@gangway/engine';
import { Misuse } from '../../misuse.ts';
import type { Place } from './place.ts';

/** The one cluster that a local cloud has, if it has one. */
const LOCAL_CLUSTER = { name: 'local', location: 'us-central1' } as const;

/**
 * Starts the cluster of a local cloud, of programs that are built the first time.
 *
 * @param say gets a line when something takes time
 * @throws Misuse that says what this machine lacks
 */
export async function startKubernetes(
  cloud: RunningCloud,
  { state }: Place,
  say: (line: string) => void,
): Promise<Cluster> {
  for (const tools of CLUSTER_TOOLS) {
    const paths = await findGoTools(tools, say);
    if (!paths) throw new Misuse(`--kubernetes: ${tools.map(howToGet).join('; ')}.`);
    process.env.PATH = [...paths.map((path) => dirname(path)), process.env.PATH].join(delimiter);
  }
  const lacking = lackingForCluster();
  if (lacking) throw new Misuse(`--kubernetes: this machine can't run a cluster: ${lacking}.`);
  const root = await currentEngineRoot(say);
  if (!root) throw new Misuse('--kubernetes: a node is made by root on Debian, with mmdebstrap.');
  say(`Starting the cluster ${LOCAL_CLUSTER.name} in ${LOCAL_CLUSTER.location}`);
  return startGkeCluster(cloud, { root, directory: join(state, 'kubernetes'), ...LOCAL_CLUSTER });
}
