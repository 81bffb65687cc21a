/** Resources of the Cloud Run Admin API v2 (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services). */
export interface Service extends Resource {
  description?: string;
  ingress: string;
  template: Template;
  traffic: TrafficTarget[];
  scaling?: Record<string, unknown>;
  defaultUriDisabled?: boolean;
  invokerIamDisabled?: boolean;
  customAudiences?: string[];
  latestReadyRevision?: string;
  latestCreatedRevision: string;
  trafficStatuses?: (TrafficTarget & { uri?: string })[];
  uri: string;
  urls: string[];
}

/** What services and jobs have in common. */
export interface Resource {
  name: string;
  uid: string;
  generation: string;
  observedGeneration: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  createTime: string;
  updateTime: string;
  deleteTime?: string;
  creator: string;
  lastModifier: string;
  client?: string;
  clientVersion?: string;
  launchStage: string;
  binaryAuthorization?: unknown;
  terminalCondition: Condition;
  conditions: Condition[];
  reconciling: boolean;
  etag: string;
}

export interface Template {
  revision?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  scaling: { minInstanceCount?: number; maxInstanceCount?: number };
  timeout: string;
  serviceAccount: string;
  containers: Container[];
  maxInstanceRequestConcurrency: number;
  executionEnvironment?: string;
  sessionAffinity?: boolean;
  healthCheckDisabled?: boolean;
  encryptionKey?: string;
  vpcAccess?: VpcAccess;
  volumes?: Volume[];
  nodeSelector?: { accelerator?: string };
}

export interface VpcAccess {
  connector?: string;
  egress?: string;
  networkInterfaces?: { network?: string; subnetwork?: string; tags?: string[] }[];
}

export interface Volume {
  name: string;
  secret?: {
    secret: string;
    items?: { path: string; version?: string; mode?: number }[];
    defaultMode?: number;
  };
  emptyDir?: { medium?: string; sizeLimit?: string };
  cloudSqlInstance?: { instances?: string[] };
  gcs?: { bucket: string; readOnly?: boolean };
  nfs?: { server: string; path?: string; readOnly?: boolean };
}

export interface Container {
  name?: string;
  image: string;
  command?: string[];
  args?: string[];
  workingDir?: string;
  env?: EnvVar[];
  resources: { limits: Record<string, string>; cpuIdle?: boolean; startupCpuBoost?: boolean };
  ports?: { name?: string; containerPort: number }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  volumeMounts?: { name: string; mountPath: string }[];
  dependsOn?: string[];
}

export interface EnvVar {
  name: string;
  value?: string;
  valueSource?: { secretKeyRef?: { secret: string; version?: string } };
}

export interface Probe {
  initialDelaySeconds?: number;
  timeoutSeconds?: number;
  periodSeconds?: number;
  failureThreshold?: number;
  tcpSocket?: { port?: number };
  httpGet?: { path?: string; port?: number; httpHeaders?: { name: string; value?: string }[] };
  grpc?: { port?: number; service?: string };
}

export interface TrafficTarget {
  type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' | 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
  revision?: string;
  percent?: number;
  tag?: string;
}

export interface Condition {
  type: string;
  state: 'CONDITION_SUCCEEDED' | 'CONDITION_FAILED' | 'CONDITION_RECONCILING';
  message?: string;
  lastTransitionTime: string;
  /** google.cloud.run.v2.Condition.CommonReason */
  reason?: string;
  revisionReason?: string;
  executionReason?: string;
}

export interface Revision extends Omit<Template, 'revision'> {
  name: string;
  uid: string;
  generation: string;
  createTime: string;
  updateTime: string;
  launchStage: string;
  service: string;
  conditions: Condition[];
  logUri: string;
  observedGeneration: string;
  reconciling: boolean;
  etag: string;
}
