import type { Pairs, Strategy } from '@gangway/settings';
import type { Container, Probe, SecretReference } from '../api/resources.ts';
import type { MountedVolume } from './volumes.ts';

/** The settings of what runs that may be left to the service or job: undefined keeps what is there. */
export interface Settings {
  /** By name; `{}` is none at all. */
  readonly env: Pairs;
  readonly envStrategy: Strategy;
  /** By the name of a variable or, with a leading slash, the path of a file. */
  readonly secrets: Readonly<Record<string, SecretReference>> | undefined;
  readonly secretsStrategy: Strategy;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  readonly serviceAccount: string | undefined;
  readonly executionEnvironment: string | undefined;
  readonly vpc: VpcSettings;
  /** Connection names; an empty list is none. */
  readonly cloudSql: readonly string[] | undefined;
  /** Containers beside the main one; an empty list is none. */
  readonly sidecars: readonly Container[] | undefined;
  /** Names of sidecars that start before the main container; an empty list is none. */
  readonly dependsOn: readonly string[] | undefined;
  /** `0` takes it away. */
  readonly gpu?: string | undefined;
  readonly gpuType?: string | undefined;
  /** Buckets, memory and NFS that the main container mounts; an empty list is none. */
  readonly volumes?: readonly MountedVolume[] | undefined;
  /** Names of variables that go. */
  readonly removeEnv?: readonly string[];
  /** Names of variables, and paths of files, whose secrets go. */
  readonly removeSecrets?: readonly string[];
  /** Of a request, or of a task, e.g. `300s`. */
  readonly timeout: string | undefined;
}

interface VpcSettings {
  readonly connector: string | undefined;
  readonly network: string | undefined;
  readonly subnet: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly egress: string | undefined;
}

/** What only services have. */
export interface ServiceInputs {
  readonly minInstances: number | undefined;
  readonly maxInstances: number | undefined;
  readonly concurrency: number | undefined;
  readonly port: number | undefined;
  readonly http2: boolean | undefined;
  /** `none` takes it away. */
  readonly startupProbe: Probe | 'none' | undefined;
  readonly livenessProbe: Probe | 'none' | undefined;
  readonly readinessProbe?: Probe | 'none' | undefined;
  readonly cpuThrottling: boolean | undefined;
  readonly cpuBoost: boolean | undefined;
  readonly sessionAffinity: boolean | undefined;
  readonly ingress: string | undefined;
  readonly description: string | undefined;
  readonly suffix: string | undefined;
  /** Instances of all revisions together. */
  readonly serviceMinInstances?: number | undefined;
  readonly serviceMaxInstances?: number | undefined;
  readonly invokerIamCheck?: boolean | undefined;
  /** Of ID tokens, beside the service's URL; an empty list is none. */
  readonly customAudiences?: readonly string[] | undefined;
}

/** What only jobs have. */
export interface JobInputs {
  readonly tasks: number | undefined;
  readonly parallelism: number | undefined;
  readonly maxRetries: number | undefined;
  readonly execute: boolean;
  readonly wait: boolean;
}

/** What only worker pools have. */
export interface PoolInputs {
  readonly instances: number | undefined;
}

export interface Labels {
  readonly given: Pairs;
  readonly strategy: Strategy;
  /** Which a service or job has besides, when an image is deployed. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Names of labels that go. */
  readonly removed?: readonly string[];
}
