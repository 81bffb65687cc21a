const GUIDE = 'https://cloud.google.com/run/docs';
/** The Admin API's own words: the discovery document of run.v2, revision 20261031. */
const API = 'https://run.googleapis.com/$discovery/rest?version=v2';
const GCLOUD = 'https://cloud.google.com/sdk/gcloud/reference/run/deploy';

/**
 * Limits of the Cloud Run Admin API, each with its source. Only values stand here: the actions and the local cloud each
 * have a check of their own, so that a mistake in one is seen by the other.
 */
export const LIMITS = {
  /** Characters. */
  serviceName: { most: 49, source: `${GUIDE}/deploying#command-line` },
  jobName: { most: 63, source: `${GUIDE}/create-jobs#command-line` },
  /** A DNS label, as every name in Kubernetes. */
  revisionName: { most: 63, source: `${GUIDE}/managing/revisions` },
  /** Characters of a tag and its service together: TAG---SERVICE-HASH-xx is one DNS label of 63, and 17 are Google's. */
  tagAndService: { most: 46, source: `${GUIDE}/rollouts-rollbacks-traffic-migration#tags` },
  /** Characters. */
  description: { most: 512, source: `${API}#Service.description` },
  /** Requests at once to an instance. */
  concurrency: { least: 1, most: 1000, source: `${GUIDE}/configuring/concurrency` },
  containers: { most: 10, source: `${GUIDE}/deploying#sidecars` },
  /** Seconds. */
  requestTimeout: { least: 1, most: 3600, source: `${GUIDE}/configuring/request-timeout` },
  taskTimeout: { least: 1, most: 604_800, source: `${GUIDE}/configuring/task-timeout` },
  tasks: { least: 1, most: 10_000, source: `${GUIDE}/quotas#cloud_run_limits` },
  retries: { least: 0, most: 10, source: `${GUIDE}/configuring/max-retries` },
  /** Seconds of a delay, a period or a timeout; `all` is failureThreshold times periodSeconds. */
  startupProbe: {
    by: ['httpGet', 'tcpSocket', 'grpc'],
    most: 240,
    all: 240,
    source: `${API}#Probe, ${GUIDE}/configuring/healthchecks`,
  },
  livenessProbe: {
    by: ['httpGet', 'grpc'],
    most: 3600,
    all: undefined,
    source: `${API}#Probe, ${GCLOUD}#--liveness-probe`,
  },
  readinessProbe: {
    by: ['httpGet', 'grpc'],
    most: 3600,
    all: undefined,
    source: `${API}#Probe, ${GCLOUD}#--readiness-probe`,
  },
  /** Memory that an instance must have at least. */
  memoryOfGen1: { least: '128Mi', source: `${GUIDE}/configuring/services/memory-limits#minimum` },
  memoryOfGen2: { least: '512Mi', source: `${GUIDE}/configuring/services/memory-limits#minimum` },
  /** Jobs run in the second generation alone. */
  jobEnvironment: { only: 'gen2', source: `${GUIDE}/about-execution-environments` },
  /** CPUs below which an instance has to run one request at a time, in gen1, with CPU during requests only. */
  fractionalCpu: { below: 1, source: `${GUIDE}/configuring/services/cpu#cpu-memory` },
  jobCpu: { least: 1, source: `${GUIDE}/configuring/jobs/cpu` },
  gpu: { most: 1, cpu: 4, memory: '8Gi', source: `${GCLOUD}#--gpu` },
} as const;

/** Numbers of CPUs; a fraction of one besides (https://cloud.google.com/run/docs/configuring/services/cpu). */
export const CPUS = { whole: [1, 2, 4, 6, 8], leastFraction: 0.08 } as const;

/** How much memory goes with how many CPUs. */
export interface Fit {
  /** At most this many CPUs. */
  readonly cpu: number;
  readonly least: string;
  readonly most: string;
}

/**
 * The first row whose CPUs suffice counts.
 * @see https://cloud.google.com/run/docs/configuring/services/memory-limits#cpu-minimum
 * @see https://cloud.google.com/run/docs/configuring/services/cpu#cpu-memory
 */
export const MEMORY: readonly Fit[] = [
  { cpu: 0.499, least: '128Mi', most: '512Mi' },
  { cpu: 0.999, least: '128Mi', most: '1Gi' },
  { cpu: 1, least: '128Mi', most: '4Gi' },
  { cpu: 2, least: '128Mi', most: '8Gi' },
  { cpu: 4, least: '2Gi', most: '16Gi' },
  { cpu: 6, least: '4Gi', most: '24Gi' },
  { cpu: 8, least: '4Gi', most: '32Gi' },
];

/**
 * Hosts that Cloud Run pulls from, in the words of its error: "where host is one of [region.]gcr.io,
 * [region-]docker.pkg.dev or docker.io". A name without a host is Docker Hub's
 * (https://cloud.google.com/run/docs/deploying#images).
 */
export const IMAGE_HOSTS =
  /^(?:(?:[a-z0-9-]+\.)?gcr\.io|(?:[a-z0-9-]+-)?docker\.pkg\.dev|(?:index\.)?docker\.io)$/;
