/** Something that Cloud Run would refuse. */
export interface Problem {
  /** Where it stands in a service's file, below the template's `spec` unless it begins with a slash. */
  readonly at: string;
  /** Inputs that set it, the likeliest to blame first. */
  readonly inputs: readonly string[];
  readonly value: string;
  /** What is wrong, and what to write. */
  readonly cure: string;
}
