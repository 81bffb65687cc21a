/** A service account, as IAM keeps it. */
export interface ServiceAccount {
  readonly email: string;
  /** The number that outlives renames; the `sub` of its ID tokens. */
  readonly uniqueId: string;
  readonly projectId: string;
  displayName: string;
  description: string;
  disabled: boolean;
  /** Exempt from the hour's limit by the constraint iam.allowServiceAccountCredentialLifetimeExtension. */
  extendedLifetime?: boolean;
  readonly keys: ServiceAccountKey[];
}

export interface ServiceAccountKey {
  /** The `private_key_id` of the key file and the `kid` of what it signs. */
  readonly id: string;
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Kept, and good for nothing. */
  disabled?: boolean;
  /** Whether its owner made it and uploaded the public half alone. */
  readonly uploaded?: boolean;
  /** Milliseconds since the epoch; undefined: never. */
  readonly expires?: number;
}
