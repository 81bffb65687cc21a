/** The secrets of the project, by id. */
export class SecretManagerState {
  readonly secrets = new Map<string, Secret>();

  /** The value of a version, or of the `latest` one; undefined where there is none. */
  read(id: string, version: string): Buffer | undefined {
    const secret = this.secrets.get(id);
    const found = secret?.versions[versionNumber(secret, version) - 1];
    return found && Buffer.from(found.data, 'base64');
  }
}

export interface Secret {
  /** With the project's number: `projects/N/secrets/ID`. */
  readonly name: string;
  readonly createTime: number;
  readonly replication: unknown;
  /** Oldest first. */
  readonly versions: { readonly createTime: number; readonly data: string }[];
}

/** The number of a version, which `latest` stands for too. */
export function versionNumber({ versions }: Secret, version: string): number {
  return version === 'latest' ? versions.length : Number(version);
}
