import { fields, list, type Reader, text } from '@gangway/http';
import type { Kubernetes } from '../api/client.ts';
import { isKubernetesError } from '../api/error.ts';
import { type KubernetesObject, listAt, nameOf, numberAt, OBJECTS, textAt } from '../objects/object.ts';
import { isJob, workloadKind } from '../objects/order.ts';
import { containersOf, isReady, type Reason, reasonsOf, stateOf } from './pod-state.ts';

/** Why pods don't get ready, as far as the cluster tells. */
interface Why {
  /** Lines for a person; empty when there is nothing to tell. */
  readonly text: string;
  /** What containers wait for or ended with, e.g. `ImagePullBackOff`. */
  readonly reasons: readonly Reason[];
}

interface Event {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
}

const EVENTS: Reader<{ readonly items: readonly Event[] }> = fields<{ items: readonly Event[] }>(
  { items: list(fields<Event>({ type: text, reason: text, message: text })) },
  'items',
);

/** Pods that are told of: more of them say the same. */
const MOST_PODS = 2;
const MOST_EVENTS = 5;
const LOG_LINES = 20;

/**
 * Looks at the pods of a workload's newest template, or of a Job, and says what keeps them: states of containers, events, the last
 * lines of logs. What may not be read is told of in a line; only a lost connection is an error.
 *
 * @param object a Deployment, StatefulSet, DaemonSet or Job as the API server has it
 */
export async function whyNotReady(cluster: Kubernetes, object: KubernetesObject): Promise<Why> {
  const namespace = `/api/v1/namespaces/${encodeURIComponent(object.metadata.namespace ?? 'default')}`;
  const lines: string[] = [];
  const reasons: Reason[] = [];
  try {
    const { selector, owner } = await newest(cluster, object);
    const { items } = await cluster.request({
      method: 'GET',
      path: `${namespace}/pods`,
      query: { labelSelector: selector },
      answer: OBJECTS,
    });
    const troubled = items.filter((pod) => !isReady(pod));
    for (const pod of troubled.slice(0, MOST_PODS)) {
      const found = reasonsOf(pod);
      reasons.push(...found);
      lines.push(`pod ${pod.metadata.name}: ${stateOf(pod, found)}`);
      lines.push(...(await eventsOf(cluster, namespace, pod)));
      lines.push(...(await logsOf(cluster, namespace, pod)));
    }
    if (troubled.length > MOST_PODS) lines.push(`… and ${troubled.length - MOST_PODS} more pods`);
    if (items.length === 0) {
      lines.push(`there are no pods of ${nameOf(object)} yet`);
      for (const about of owner ? [owner, object] : [object]) {
        lines.push(...failureOf(about), ...(await eventsOf(cluster, namespace, about)));
      }
    }
  } catch (error) {
    if (!isKubernetesError(error, 403)) throw error;
    lines.push(`the reason can't be shown: ${error.detail}`);
  }
  return { text: lines.map((line) => `  ${line}`).join('\n'), reasons };
}

/** The labels of the pods that a rollout makes, and what makes them. */
async function newest(
  cluster: Kubernetes,
  object: KubernetesObject,
): Promise<{ selector: string; owner?: KubernetesObject }> {
  const { name, namespace = 'default', uid } = object.metadata;
  if (isJob(object)) return { selector: `batch.kubernetes.io/job-name=${name}` };
  const selector = selectorOf(object);
  if (workloadKind(object) === 'StatefulSet') {
    const revision = textAt(object, 'status', 'updateRevision');
    return { selector: revision ? `${selector},controller-revision-hash=${revision}` : selector };
  }
  if (workloadKind(object) !== 'Deployment') return { selector };
  const { items } = await cluster.request({
    method: 'GET',
    path: `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/replicasets`,
    query: { labelSelector: selector },
    answer: OBJECTS,
  });
  const own = items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  const [owner] = own.sort((one, other) => revisionOf(other) - revisionOf(one));
  const hash = owner?.metadata.labels?.['pod-template-hash'];
  return owner && hash ? { selector: `${selector},pod-template-hash=${hash}`, owner } : { selector };
}

function revisionOf({ metadata }: KubernetesObject): number {
  return Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

/** A selector as a query has it (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/). */
function selectorOf(object: KubernetesObject): string {
  const labels = Object(Object(Object(object.spec).selector).matchLabels) as Record<string, unknown>;
  const expressions = listAt(object, 'spec', 'selector', 'matchExpressions').map(
    ({ key, operator, values }) => {
      const among = `(${(Array.isArray(values) ? values : []).join(',')})`;
      if (operator === 'In') return `${key} in ${among}`;
      if (operator === 'NotIn') return `${key} notin ${among}`;
      return operator === 'DoesNotExist' ? `!${key}` : String(key);
    },
  );
  return [...Object.entries(labels).map(([name, value]) => `${name}=${value}`), ...expressions].join(',');
}

/** What a ReplicaSet or Deployment says of pods that can't be made, such as a quota. */
function failureOf(object: KubernetesObject): string[] {
  return listAt(object, 'status', 'conditions')
    .filter(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
    .map(({ reason, message }) => `${nameOf(object)}: ${reason}: ${message}`);
}

async function eventsOf(
  cluster: Kubernetes,
  namespace: string,
  { metadata }: KubernetesObject,
): Promise<string[]> {
  return orReason('events', async () => {
    const { items } = await cluster.request({
      method: 'GET',
      path: `${namespace}/events`,
      query: { fieldSelector: `involvedObject.uid=${metadata.uid},type=Warning` },
      answer: EVENTS,
    });
    const said = items.map(({ reason, message }) => `  event ${reason}: ${message?.trim()}`);
    return [...new Set(said)].slice(-MOST_EVENTS);
  });
}

/** The last lines of the containers that are not ready: of the one before, where it was started again. */
async function logsOf(cluster: Kubernetes, namespace: string, pod: KubernetesObject): Promise<string[]> {
  const lines: string[] = [];
  for (const container of containersOf(pod)) {
    // While a container waits to be started again, its log is still empty.
    const restarted = (numberAt(container, 'restartCount') ?? 0) > 0 && 'waiting' in Object(container.state);
    const ran = restarted || 'terminated' in Object(container.state) || 'running' in Object(container.state);
    if (
      !ran ||
      container.ready === true ||
      textAt(container, 'state', 'terminated', 'reason') === 'Completed'
    )
      continue;
    const name = textAt(container, 'name') ?? '';
    const query = { container: name, tailLines: String(LOG_LINES), ...(restarted && { previous: 'true' }) };
    const path = `${namespace}/pods/${encodeURIComponent(pod.metadata.name ?? '')}/log`;
    const said = await orReason('log', async () => (await cluster.text(path, query)).trimEnd().split('\n'));
    if (said.join('') !== '') lines.push(`  log of ${name}:`, ...said.map((line) => `    ${line}`));
  }
  return lines;
}

/** What can't be had of a part must not hide the rest. */
async function orReason(what: string, work: () => Promise<string[]>): Promise<string[]> {
  try {
    return await work();
  } catch (error) {
    if (!isKubernetesError(error, 403) && !isKubernetesError(error, 400) && !isKubernetesError(error, 404))
      throw error;
    return [`  the ${what} can't be read: ${error.detail}`];
  }
}
