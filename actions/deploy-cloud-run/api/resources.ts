import type { Writer } from './own.ts';

/** A service of the Cloud Run Admin API v2, as far as this action reads and writes it (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services). */
export interface Service extends ServiceSettings, Writer {
  readonly name?: string;
  readonly etag?: string;
  readonly reconciling?: boolean;
  readonly uri?: string;
  readonly template?: Template;
  readonly traffic?: readonly TrafficTarget[];
  readonly trafficStatuses?: readonly TrafficStatus[];
  readonly latestReadyRevision?: string;
  readonly latestCreatedRevision?: string;
  readonly terminalCondition?: Condition;
}

/** What a service has besides its template and traffic; a change of it makes no revision. */
export interface ServiceSettings {
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ingress?: string;
  readonly launchStage?: string;
  readonly scaling?: Readonly<Record<string, number | string>>;
  readonly buildConfig?: Readonly<Record<string, unknown>>;
  readonly customAudiences?: readonly string[];
  readonly invokerIamDisabled?: boolean;
  readonly defaultUriDisabled?: boolean;
  readonly iapEnabled?: boolean;
  readonly binaryAuthorization?: Readonly<Record<string, unknown>>;
}

export interface Condition {
  readonly type?: string;
  readonly state?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly revisionReason?: string;
}

export interface TrafficTarget {
  readonly type?: string;
  readonly revision?: string;
  readonly percent?: number;
  readonly tag?: string;
}

export interface TrafficStatus extends TrafficTarget {
  readonly uri?: string;
}

/** What revisions and tasks have in common. */
export interface Workload {
  readonly serviceAccount?: string;
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly vpcAccess?: VpcAccess;
  readonly executionEnvironment?: string;
  readonly encryptionKey?: string;
  readonly nodeSelector?: { readonly accelerator?: string };
  readonly timeout?: string;
  readonly sandboxes?: object;
}

export interface Template extends Workload {
  readonly revision?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly maxInstanceRequestConcurrency?: number;
  readonly scaling?: { readonly minInstanceCount?: number; readonly maxInstanceCount?: number };
  readonly sessionAffinity?: boolean;
  readonly healthCheckDisabled?: boolean;
  readonly gpuZonalRedundancyDisabled?: boolean;
  readonly encryptionKeyRevocationAction?: string;
  readonly encryptionKeyShutdownDuration?: string;
  readonly serviceMesh?: { readonly mesh?: string };
}

export interface TaskTemplate extends Workload {
  readonly maxRetries?: number;
}

/** A job of the same API (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs). */
export interface Job
  extends Pick<ServiceSettings, 'labels' | 'annotations' | 'launchStage' | 'binaryAuthorization'>,
    Writer {
  readonly name?: string;
  readonly etag?: string;
  readonly reconciling?: boolean;
  readonly startExecutionToken?: string;
  readonly runExecutionToken?: string;
  readonly template?: ExecutionTemplate;
  readonly terminalCondition?: Condition;
}

export interface ExecutionTemplate {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly parallelism?: number;
  readonly taskCount?: number;
  readonly delayExecution?: boolean;
  readonly template?: TaskTemplate;
}

/** A worker pool of the same API (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.workerPools). */
export interface WorkerPool
  extends Pick<
      ServiceSettings,
      'description' | 'labels' | 'annotations' | 'launchStage' | 'binaryAuthorization'
    >,
    Writer {
  readonly name?: string;
  readonly etag?: string;
  readonly reconciling?: boolean;
  readonly scaling?: { readonly manualInstanceCount?: number };
  readonly template?: PoolTemplate;
  readonly instanceSplits?: readonly InstanceSplit[];
  readonly instanceSplitStatuses?: readonly InstanceSplit[];
  readonly latestReadyRevision?: string;
  readonly latestCreatedRevision?: string;
  readonly terminalCondition?: Condition;
}

export interface InstanceSplit {
  readonly type?: string;
  readonly revision?: string;
  readonly percent?: number;
}

export type PoolTemplate = Omit<Workload, 'timeout' | 'executionEnvironment'> &
  Pick<
    Template,
    | 'revision'
    | 'labels'
    | 'annotations'
    | 'gpuZonalRedundancyDisabled'
    | 'encryptionKeyRevocationAction'
    | 'encryptionKeyShutdownDuration'
    | 'serviceMesh'
  >;

/** A revision of a service or a worker pool. */
export interface Revision {
  readonly conditions?: readonly Condition[];
}

/** A run of a job. */
export interface Execution {
  readonly name?: string;
  readonly taskCount?: number;
  readonly succeededCount?: number;
  readonly failedCount?: number;
  readonly cancelledCount?: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly conditions?: readonly Condition[];
}

export interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly EnvVar[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly resources?: Resources;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly volumeMounts?: readonly VolumeMount[];
  readonly dependsOn?: readonly string[];
  readonly baseImageUri?: string;
  readonly sandboxLauncher?: boolean;
}

interface Resources {
  readonly limits?: Readonly<Record<string, string>>;
  readonly cpuIdle?: boolean;
  readonly startupCpuBoost?: boolean;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueSource?: { readonly secretKeyRef?: SecretReference };
}

export interface SecretReference {
  readonly secret: string;
  readonly version?: string;
}

export interface Probe {
  readonly initialDelaySeconds?: number;
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
  readonly httpGet?: {
    readonly path?: string;
    readonly port?: number;
    readonly httpHeaders?: readonly { readonly name: string; readonly value?: string }[];
  };
  readonly tcpSocket?: { readonly port?: number };
  readonly grpc?: { readonly port?: number; readonly service?: string };
}

interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
}

export interface Volume {
  readonly name: string;
  readonly secret?: {
    readonly secret: string;
    readonly items?: readonly { readonly path: string; readonly version?: string; readonly mode?: number }[];
    readonly defaultMode?: number;
  };
  readonly cloudSqlInstance?: { readonly instances?: readonly string[] };
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string };
  readonly gcs?: {
    readonly bucket: string;
    readonly readOnly?: boolean;
    readonly mountOptions?: readonly string[];
  };
  readonly nfs?: { readonly server: string; readonly path?: string; readonly readOnly?: boolean };
  readonly filestore?: { readonly volume?: string };
}

export interface VpcAccess {
  readonly connector?: string;
  readonly egress?: string;
  readonly networkInterfaces?: readonly {
    readonly network?: string;
    readonly subnetwork?: string;
    readonly tags?: readonly string[];
  }[];
}
