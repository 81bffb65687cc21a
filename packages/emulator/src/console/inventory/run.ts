import type { Condition, Revision, Service } from '../../google/run/v2/types.ts';
import type { View } from '../view.ts';
import { lastOf, placeIn } from './names.ts';

/** The services of Cloud Run, with their revisions and which of them get requests. */
export function servicesIn({ run, contracts }: Pick<View, 'run' | 'contracts'>) {
  return run.list('projects/').map(({ resource, revisions }) => ({
    ...placeIn(resource.name),
    url: resource.uri,
    serves: lastOf(resource.latestReadyRevision ?? resource.latestCreatedRevision),
    ...standing(resource.terminalCondition),
    /** Whether anybody may call it without a token of Google's. */
    isOpen:
      resource.invokerIamDisabled === true ||
      contracts.iam.allows(undefined, 'run.routes.invoke', resource.name),
    ingress: resource.ingress.replace('INGRESS_TRAFFIC_', '').toLowerCase().replaceAll('_', ' '),
    account: resource.template.serviceAccount,
    revisions: [...revisions.values()].reverse().map((revision) => shownRevision(revision, resource)),
  }));
}

function shownRevision(revision: Revision, { trafficStatuses = [] }: Service) {
  const name = lastOf(revision.name);
  const targets = trafficStatuses.filter((target) => lastOf(target.revision ?? '') === name);
  return {
    name,
    created: revision.createTime,
    images: revision.containers.map(({ image }) => image),
    percent: targets.reduce((sum, { percent = 0 }) => sum + percent, 0),
    tags: targets.flatMap(({ tag, uri = '' }) => (tag ? [{ tag, url: uri }] : [])),
    ...standing(revision.conditions.find(({ type }) => type === 'Ready') ?? revision.conditions[0]),
  };
}

/** The jobs of Cloud Run and how their executions went. */
export function jobsIn({ runJobs }: Pick<View, 'runJobs'>) {
  return [...runJobs.jobs.values()].map(({ resource, executions }) => ({
    ...placeIn(resource.name),
    images: resource.template.template.containers.map(({ image }) => image),
    executions: [...executions.values()].reverse().map(({ resource: execution }) => ({
      name: lastOf(execution.name),
      created: execution.createTime,
      ended: execution.completionTime,
      tasks: execution.taskCount,
      succeeded: execution.succeededCount ?? 0,
      failed: execution.failedCount ?? 0,
      running: execution.runningCount ?? 0,
    })),
  }));
}

/** The worker pools of Cloud Run. */
export function workerPoolsIn({ workerPools }: Pick<View, 'workerPools'>) {
  return workerPools.list('projects/').map(({ resource, revisions }) => ({
    ...placeIn(resource.name),
    serves: lastOf(resource.latestReadyRevision ?? resource.latestCreatedRevision),
    ...standing(resource.terminalCondition),
    images: resource.template.containers.map(({ image }) => image),
    instances: resource.scaling?.manualInstanceCount ?? 0,
    revisions: revisions.size,
  }));
}

function standing(condition: Condition | undefined) {
  const state = condition?.state ?? 'CONDITION_RECONCILING';
  const words = {
    CONDITION_SUCCEEDED: 'ready',
    CONDITION_FAILED: 'failed',
    CONDITION_RECONCILING: 'in progress',
  } as const;
  return { state: words[state], message: condition?.message ?? '' };
}
