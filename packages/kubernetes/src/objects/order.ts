import { groupOf, type KubernetesObject } from './object.ts';

/** Kinds in the order in which others need them, as Helm and kustomize have it; what runs pods comes last. */
const FIRST = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'NetworkPolicy',
  'ConfigMap',
  'Secret',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
];
const LAST = [
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Ingress',
];

/** The objects in the order in which they are applied; those of one kind keep theirs. */
export function inOrder<T extends { readonly object: KubernetesObject }>(some: readonly T[]): T[] {
  return [...some].sort((one, other) => rank(one.object) - rank(other.object));
}

function rank({ kind }: KubernetesObject): number {
  const [first, last] = [FIRST.indexOf(kind), LAST.indexOf(kind)];
  if (first >= 0) return first;
  // What an operator brings, between what it needs and what runs.
  return last >= 0 ? FIRST.length + 1 + last : FIRST.length;
}

/** Whether it is a Job, which runs once and ends. */
export function isJob({ apiVersion, kind }: KubernetesObject): boolean {
  return groupOf(apiVersion) === 'batch' && kind === 'Job';
}

/** What has pods that a rollout replaces. */
export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

export function workloadKind({ apiVersion, kind }: KubernetesObject): WorkloadKind | undefined {
  if (groupOf(apiVersion) !== 'apps') return undefined;
  return kind === 'Deployment' || kind === 'StatefulSet' || kind === 'DaemonSet' ? kind : undefined;
}
