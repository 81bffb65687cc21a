import {
  type Kubernetes,
  type KubernetesObject,
  look,
  rolloutStatus,
  whyNotReady,
  workloadKind,
} from '@gangway/kubernetes';
import { type Nodes, reasonHint } from '../deploy/hint.ts';
import type { Item } from '../plan/item.ts';

/** What keeps the pods of a release, which helm does not tell: of its workloads, and of the Jobs that helm ran as hooks. */
export async function whyFailed(
  api: Kubernetes,
  items: readonly Item[],
  jobs: readonly KubernetesObject[],
  namespace: string,
  nodes: Nodes,
): Promise<{ readonly text: string; readonly hint: string }> {
  const paths = [
    ...items.filter(({ wanted }) => workloadKind(wanted)).map(({ path }) => path),
    ...jobs.map(
      ({ metadata }) =>
        `/apis/batch/v1/namespaces/${metadata.namespace ?? namespace}/jobs/${encodeURIComponent(metadata.name ?? '')}`,
    ),
  ];
  const texts: string[] = [];
  const reasons: Parameters<typeof reasonHint>[0][number][] = [];
  for (const path of paths) {
    const live = await look(api, path);
    if (!live || (workloadKind(live) && rolloutStatus(live).done)) continue;
    const why = await whyNotReady(api, live);
    if (why.text !== '') texts.push(why.text);
    reasons.push(...why.reasons);
  }
  return { text: texts.join('\n'), hint: reasonHint(reasons, nodes) };
}
