/** Resources of compute.v1, as far as Gangway reads and writes them (https://cloud.google.com/compute/docs/reference/rest/v1). */

/** Metadata of an instance; a write names the version that it was made of by its fingerprint. */
export interface Metadata {
  readonly fingerprint?: string;
  readonly items?: readonly { readonly key: string; readonly value?: string }[];
}

export interface AccessConfig {
  readonly name?: string;
  readonly type?: string;
  /** The external address. */
  readonly natIP?: string;
}

export interface NetworkInterface {
  readonly name?: string;
  readonly network?: string;
  readonly subnetwork?: string;
  readonly networkIP?: string;
  readonly accessConfigs?: readonly AccessConfig[];
}

export interface Disk {
  readonly boot?: boolean;
  readonly autoDelete?: boolean;
  readonly diskSizeGb?: number;
  readonly licenses?: readonly string[];
  readonly initializeParams?: Readonly<Record<string, string>>;
}

interface ServiceAccount {
  readonly email?: string;
  readonly scopes?: readonly string[];
}

/** What an instance and a template have in common. */
export interface InstanceProperties {
  readonly machineType?: string;
  readonly disks?: readonly Disk[];
  readonly networkInterfaces?: readonly NetworkInterface[];
  readonly metadata?: Metadata;
  readonly tags?: { readonly fingerprint?: string; readonly items?: readonly string[] };
  readonly labels?: Readonly<Record<string, string>>;
  readonly serviceAccounts?: readonly ServiceAccount[];
  readonly shieldedInstanceConfig?: Readonly<Record<string, boolean>>;
  readonly guestAccelerators?: readonly object[];
  readonly scheduling?: { readonly preemptible?: boolean; readonly provisioningModel?: string };
  readonly deletionProtection?: boolean;
}

export interface Instance extends InstanceProperties {
  readonly id?: string;
  readonly name: string;
  readonly selfLink?: string;
  /** `RUNNING`, `TERMINATED` … */
  readonly status?: string;
  readonly creationTimestamp?: string;
  readonly lastStartTimestamp?: string;
  readonly labelFingerprint?: string;
}

export interface Address {
  readonly name: string;
  readonly address?: string;
  readonly addressType?: string;
  /** `RESERVED`, `IN_USE` … */
  readonly status?: string;
  /** URLs of what uses it. */
  readonly users?: readonly string[];
}

export interface Firewall {
  readonly name: string;
  readonly description?: string;
  readonly network?: string;
  readonly direction?: string;
  readonly sourceRanges?: readonly string[];
  readonly targetTags?: readonly string[];
  readonly allowed?: readonly { readonly IPProtocol: string; readonly ports?: readonly string[] }[];
}

export interface HealthCheck {
  readonly name: string;
  readonly selfLink?: string;
  readonly description?: string;
  readonly type?: string;
  /** Seconds, as the one below. */
  readonly checkIntervalSec?: number;
  readonly timeoutSec?: number;
  readonly healthyThreshold?: number;
  readonly unhealthyThreshold?: number;
  readonly httpHealthCheck?: { readonly port?: number; readonly requestPath?: string };
}

/** An image of a machine's disk. */
export interface Image {
  readonly name: string;
  readonly selfLink?: string;
  readonly family?: string;
  readonly creationTimestamp?: string;
  readonly deprecated?: { readonly state?: string };
}

export interface Template {
  readonly name: string;
  readonly selfLink?: string;
  readonly description?: string;
  readonly creationTimestamp?: string;
  readonly properties?: InstanceProperties;
}

export interface FixedOrPercent {
  readonly fixed?: number;
  readonly percent?: number;
}

export interface Version {
  readonly instanceTemplate?: string;
  readonly targetSize?: FixedOrPercent;
}

/** A managed instance group, by its manager. */
export interface Manager {
  readonly name: string;
  readonly fingerprint?: string;
  readonly instanceTemplate?: string;
  readonly versions?: readonly Version[];
  readonly targetSize?: number;
  readonly baseInstanceName?: string;
  readonly updatePolicy?: {
    readonly type?: string;
    readonly minimalAction?: string;
    readonly maxSurge?: FixedOrPercent;
    readonly maxUnavailable?: FixedOrPercent;
  };
  /** Of a regional group: the zones that its instances are spread over. */
  readonly distributionPolicy?: { readonly zones?: readonly { readonly zone?: string }[] };
  readonly autoHealingPolicies?: readonly {
    readonly healthCheck?: string;
    readonly initialDelaySec?: number;
  }[];
  readonly status?: {
    readonly isStable?: boolean;
    readonly versionTarget?: { readonly isReached?: boolean };
    readonly autoscaler?: string;
  };
}

export interface ManagedInstance {
  readonly instance?: string;
  readonly instanceStatus?: string;
  readonly currentAction?: string;
  readonly version?: { readonly instanceTemplate?: string };
  readonly instanceHealth?: readonly { readonly detailedHealthState?: string }[];
  readonly lastAttempt?: {
    readonly errors?: { readonly errors?: readonly { readonly code?: string; readonly message?: string }[] };
  };
}

/** What a group's instances met, newest first. */
export interface ManagerError {
  readonly timestamp?: string;
  readonly error?: { readonly code?: string; readonly message?: string };
  readonly instanceActionDetails?: {
    readonly action?: string;
    readonly instance?: string;
    readonly version?: { readonly instanceTemplate?: string };
  };
}
