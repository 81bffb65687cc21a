import { type KubernetesObject, listAt, nameOf, numberAt, textAt } from '../objects/object.ts';
import { workloadKind } from '../objects/order.ts';

/** How far a rollout has come, in kubectl's words. */
export interface RolloutStatus {
  readonly done: boolean;
  /** It ended without success. */
  readonly failed: boolean;
  readonly message: string;
}

const observed = (message: string): RolloutStatus => ({ done: false, failed: false, message });
const done = (message: string): RolloutStatus => ({ done: true, failed: false, message });
const failed = (message: string): RolloutStatus => ({ done: false, failed: true, message });

/**
 * Judges a rollout as `kubectl rollout status` does.
 *
 * @param object a Deployment, StatefulSet or DaemonSet as the API server has it
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go
 */
export function rolloutStatus(object: KubernetesObject): RolloutStatus {
  switch (workloadKind(object)) {
    case 'Deployment':
      return ofDeployment(object);
    case 'StatefulSet':
      return ofStatefulSet(object);
    case 'DaemonSet':
      return ofDaemonSet(object);
    default:
      return done(`${nameOf(object)} has no rollout`);
  }
}

function ofDeployment(deployment: KubernetesObject): RolloutStatus {
  const name = deployment.metadata.name ?? '';
  const status = statusOf(deployment);
  if ((deployment.metadata.generation ?? 0) > status.count('observedGeneration'))
    return observed('Waiting for deployment spec update to be observed');
  const progressing = listAt(deployment, 'status', 'conditions').find(({ type }) => type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return failed(`deployment "${name}" exceeded its progress deadline`);
  const [replicas, updated, available] = [
    status.count('replicas'),
    status.count('updatedReplicas'),
    status.count('availableReplicas'),
  ];
  const wanted = numberAt(deployment, 'spec', 'replicas');
  const waiting = `Waiting for deployment "${name}" rollout to finish:`;
  if (wanted !== undefined && updated < wanted)
    return observed(`${waiting} ${updated} out of ${wanted} new replicas have been updated`);
  if (replicas > updated)
    return observed(`${waiting} ${replicas - updated} old replicas are pending termination`);
  if (available < updated)
    return observed(`${waiting} ${available} of ${updated} updated replicas are available`);
  return done(`deployment "${name}" successfully rolled out`);
}

function ofDaemonSet(set: KubernetesObject): RolloutStatus {
  const name = set.metadata.name ?? '';
  const status = statusOf(set);
  const strategy = textAt(set, 'spec', 'updateStrategy', 'type');
  if (strategy === 'OnDelete')
    return done(`daemon set "${name}" replaces its pods when they are deleted (OnDelete)`);
  if ((set.metadata.generation ?? 0) > status.count('observedGeneration'))
    return observed('Waiting for daemon set spec update to be observed');
  const [wanted, updated, available] = [
    status.count('desiredNumberScheduled'),
    status.count('updatedNumberScheduled'),
    status.count('numberAvailable'),
  ];
  const waiting = `Waiting for daemon set "${name}" rollout to finish:`;
  if (updated < wanted) return observed(`${waiting} ${updated} out of ${wanted} new pods have been updated`);
  if (available < wanted) return observed(`${waiting} ${available} of ${wanted} updated pods are available`);
  return done(`daemon set "${name}" successfully rolled out`);
}

function ofStatefulSet(set: KubernetesObject): RolloutStatus {
  const name = set.metadata.name ?? '';
  const status = statusOf(set);
  if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete')
    return done(`stateful set "${name}" replaces its pods when they are deleted (OnDelete)`);
  const seen = status.count('observedGeneration');
  if (seen === 0 || (set.metadata.generation ?? 0) > seen)
    return observed('Waiting for statefulset spec update to be observed');
  const wanted = numberAt(set, 'spec', 'replicas');
  const [ready, updated] = [status.count('readyReplicas'), status.count('updatedReplicas')];
  if (wanted !== undefined && ready < wanted)
    return observed(`Waiting for ${wanted - ready} pods of stateful set "${name}" to be ready`);
  const partition = numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  if (partition > 0) {
    if (wanted !== undefined && updated < wanted - partition)
      return observed(
        `Waiting for partitioned roll out of stateful set "${name}" to finish: ${updated} out of ${wanted - partition} new pods have been updated`,
      );
    return done(
      `partitioned roll out of stateful set "${name}" complete: ${updated} new pods have been updated`,
    );
  }
  const [current, update] = [
    textAt(set, 'status', 'currentRevision'),
    textAt(set, 'status', 'updateRevision'),
  ];
  if (update !== current)
    return observed(
      `Waiting for stateful set "${name}" rolling update to complete: ${updated} pods at revision ${update}`,
    );
  return done(`stateful set "${name}" rolling update complete`);
}

function statusOf(object: KubernetesObject) {
  return { count: (field: string): number => numberAt(object, 'status', field) ?? 0 };
}

/** How a Job ended. */
export function jobStatus(job: KubernetesObject): RolloutStatus {
  const name = job.metadata.name ?? '';
  const conditions = listAt(job, 'status', 'conditions').filter(({ status }) => status === 'True');
  const failure = conditions.find(({ type }) => type === 'Failed');
  if (failure) {
    const why = [failure.reason, failure.message].filter((one) => typeof one === 'string' && one).join(': ');
    return failed(`job "${name}" failed${why ? `: ${why}` : ''}`);
  }
  if (conditions.some(({ type }) => type === 'Complete' || type === 'SuccessCriteriaMet'))
    return done(`job "${name}" completed`);
  if (conditions.some(({ type }) => type === 'Suspended')) return failed(`job "${name}" is suspended`);
  const [active, succeeded] = [
    numberAt(job, 'status', 'active') ?? 0,
    numberAt(job, 'status', 'succeeded') ?? 0,
  ];
  return observed(`Waiting for job "${name}" to complete: ${active} pods active, ${succeeded} succeeded`);
}
