/** What an operation of Compute Engine's says of itself, besides how far it is. */
export interface OperationRecord {
  readonly id: string;
  readonly name: string;
  /** Where it is, e.g. `zones/us-west1-a`; `global`. */
  readonly place: string;
  /** e.g. `insert`, `compute.instanceGroupManagers.recreateInstances` */
  readonly operationType: string;
  /** The path within the project of what it is done with. */
  readonly target: string;
  readonly targetId: string | undefined;
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly begun: number;
  ended?: number;
  error?: { readonly code: string; readonly message: string; readonly http: number };
}
