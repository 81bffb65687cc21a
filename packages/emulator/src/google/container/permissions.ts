/** The kinds of Kubernetes that have permissions of their own, as permissions spell them; others are `thirdPartyObjects`. */
const KINDS = [
  'apiServices bindings certificateSigningRequests clusterRoleBindings clusterRoles componentStatuses configMaps controllerRevisions',
  'cronJobs csiDrivers csiNodes customResourceDefinitions daemonSets deployments endpointSlices endpoints events',
  'horizontalPodAutoscalers ingresses jobs leases limitRanges localSubjectAccessReviews mutatingWebhookConfigurations namespaces',
  'networkPolicies nodes persistentVolumeClaims persistentVolumes podDisruptionBudgets podTemplates pods priorityClasses replicaSets',
  'replicationControllers resourceQuotas roleBindings roles runtimeClasses secrets selfSubjectAccessReviews serviceAccounts services',
  'statefulSets storageClasses subjectAccessReviews tokenReviews validatingWebhookConfigurations volumeAttachments',
].flatMap((line) => line.split(' '));
const OTHER = 'thirdPartyObjects';
const SPELLED = new Map(KINDS.map((kind) => [kind.toLowerCase(), kind]));

/** What may be done beside the usual, by kind. */
const MORE: Readonly<Record<string, string>> = {
  pods: 'attach evict exec getLogs getStatus portForward proxy updateStatus',
  deployments: 'getScale getStatus rollback updateScale updateStatus',
  replicaSets: 'getScale getStatus updateScale updateStatus',
  statefulSets: 'getScale getStatus updateScale updateStatus',
  daemonSets: 'getStatus updateStatus',
  jobs: 'getStatus updateStatus',
  cronJobs: 'getStatus updateStatus',
  services: 'getStatus proxy updateStatus',
  serviceAccounts: 'createToken',
  roles: 'bind escalate',
  clusterRoles: 'bind escalate',
};

/**
 * The permissions of the kinds of Kubernetes, by type of permission.
 *
 * @see https://cloud.google.com/iam/docs/roles-permissions/container
 */
export const KIND_PERMISSIONS: Readonly<Record<string, string>> = Object.fromEntries(
  [...KINDS, OTHER].map((kind) => [
    `container.${kind}`,
    `create delete get list update${MORE[kind] ? ` ${MORE[kind]}` : ''}`,
  ]),
);

const VERBS: Readonly<Record<string, string>> = {
  get: 'get',
  list: 'list',
  watch: 'list',
  create: 'create',
  update: 'update',
  patch: 'update',
  delete: 'delete',
  deletecollection: 'delete',
  bind: 'bind',
  escalate: 'escalate',
};
const PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  status: { get: 'getStatus', update: 'updateStatus', patch: 'updateStatus' },
  scale: { get: 'getScale', update: 'updateScale', patch: 'updateScale' },
  log: { get: 'getLogs' },
  exec: { get: 'exec', create: 'exec' },
  attach: { get: 'attach', create: 'attach' },
  portforward: { get: 'portForward', create: 'portForward' },
  eviction: { create: 'evict' },
  token: { create: 'createToken' },
};

/**
 * The permission that allows what an API server is asked to do; undefined where none does.
 *
 * @param resource e.g. `deployments`; @param part of it, e.g. `scale`
 */
export function permissionFor(verb: string, resource: string, part = ''): string | undefined {
  const named = part === '' ? VERBS[verb] : PARTS[part]?.[verb];
  return named && `container.${SPELLED.get(resource) ?? OTHER}.${named}`;
}

const READ = [...KINDS, OTHER].flatMap((kind) =>
  // What a viewer is not to see.
  kind === 'secrets' ? [] : [`container.${kind}.get`, `container.${kind}.list`],
);
/** What only an administrator may change. */
const ADMINISTRATED =
  /^container\.(roles|roleBindings|clusterRoles|clusterRoleBindings|certificateSigningRequests|(mutating|validating)WebhookConfigurations)\.(create|delete|update|bind|escalate)$/;
const ALL = Object.entries(KIND_PERMISSIONS).flatMap(([type, verbs]) =>
  verbs.split(' ').map((verb) => `${type}.${verb}`),
);
const CLUSTERS = ['container.clusters.connect', 'container.clusters.get', 'container.clusters.list'];
const PROJECTS = ['resourcemanager.projects.get', 'resourcemanager.projects.list'];

/** What Google's roles hold of them (https://cloud.google.com/kubernetes-engine/docs/how-to/iam#predefined). */
export const ROLES: Readonly<Record<string, readonly string[]>> = {
  'roles/container.admin': ['container.*', ...PROJECTS],
  'roles/container.clusterViewer': [...CLUSTERS, ...PROJECTS],
  'roles/container.developer': [...CLUSTERS, ...ALL.filter((one) => !ADMINISTRATED.test(one)), ...PROJECTS],
  'roles/container.viewer': [
    ...CLUSTERS,
    'container.operations.get',
    'container.operations.list',
    ...READ,
    'container.pods.getLogs',
    ...PROJECTS,
  ],
  'roles/viewer': [...CLUSTERS, 'container.operations.get', 'container.operations.list', ...READ],
  'roles/editor': [
    'container.clusters.connect',
    'container.clusters.get',
    'container.clusters.list',
    ...ALL.filter((one) => !ADMINISTRATED.test(one)),
  ],
};
