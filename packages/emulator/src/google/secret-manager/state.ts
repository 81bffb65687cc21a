/** The secrets of the project, by id. */
export class SecretManagerState {
  readonly secrets = new Map<string, Secret>();

  /** The value of a version, or of the `latest` one; undefined where there is none, or it is not enabled. */
  read(id: string, version: string): Buffer | undefined {
    const secret = this.secrets.get(id);
    const found = secret?.versions[versionNumber(secret, version) - 1];
    return found?.data === undefined || found.disabled ? undefined : Buffer.from(found.data, 'base64');
  }
}

export interface Secret {
  /** With the project's number: `projects/N/secrets/ID`. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createTime: number;
  readonly replication: unknown;
  /** Oldest first. */
  readonly versions: SecretVersion[];
  /** What people set, as the API takes it. */
  settings?: Settings;
}

export interface SecretVersion {
  /** Milliseconds since the epoch. */
  readonly createTime: number;
  /** The value in base64; undefined once it is destroyed. */
  data?: string;
  disabled?: boolean;
  /** Milliseconds since the epoch. */
  destroyTime?: number;
  /** Whether the value came with a checksum. */
  readonly checked?: boolean;
}

/** Fields of a secret that a patch may set (https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets#Secret). */
export interface Settings {
  labels?: Readonly<Record<string, string>>;
  annotations?: Readonly<Record<string, string>>;
  topics?: readonly unknown[];
  rotation?: unknown;
  versionAliases?: Readonly<Record<string, string>>;
  versionDestroyTtl?: string;
  /** RFC 3339 */
  expireTime?: string;
}

/** The number of a version, which an alias or `latest` stands for too; NaN for what is none. */
export function versionNumber({ versions, settings }: Secret, version: string): number {
  if (version === 'latest') {
    // The newest that was not destroyed: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access
    return versions.length;
  }
  return Number(settings?.versionAliases?.[version] ?? version);
}
