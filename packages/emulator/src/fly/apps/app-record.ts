import type { Images } from '../../oci/index.ts';
import type { Organization } from '../organization.ts';
import type { AppSecrets } from './secrets.ts';

/** An app without its machines: what a machine and a token know of their app. */
export interface AppRecord {
  readonly numericId: number;
  readonly name: string;
  readonly organization: Organization;
  readonly network: string;
  /** `postgres_cluster` for an unmanaged Postgres. */
  readonly role: string;
  readonly createdAt: number;
  /** Oldest first. */
  readonly releases: Release[];
  readonly secrets: AppSecrets;
  readonly volumes: Map<string, Volume>;
  readonly ips: IpAssignment[];
  /** What is in registry.fly.io under the app's name. */
  readonly images: Images;
  readonly logs: LogLine[];
  /** Where the app answers on loopback, once it has a service. */
  url?: string;
}

/** A release: what a deploy says it does, and how that went. */
export interface Release {
  readonly id: string;
  readonly version: number;
  readonly strategy: string;
  readonly imageRef: string;
  /** fly.toml as JSON. */
  readonly definition: unknown;
  readonly user: string;
  readonly createdAt: number;
  readonly buildId: number | undefined;
  status: string;
  metadata: unknown;
}

export interface IpAssignment {
  readonly ip: string;
  readonly type: string;
  readonly region: string;
  readonly service_name: string;
  readonly shared: boolean;
  readonly created_at: string;
}

export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly size_gb: number;
  readonly encrypted: boolean;
  readonly created_at: string;
  state: string;
  attached_machine_id: string | null;
  auto_backup_enabled: boolean;
  snapshot_retention: number;
}

/** A line that a machine wrote, or that the platform says about it. */
export interface LogLine {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly message: string;
  readonly level: string;
  readonly instance: string;
  readonly region: string;
  readonly provider: 'app' | 'runner';
}
