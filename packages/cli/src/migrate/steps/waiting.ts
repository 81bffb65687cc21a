import type { NewStep, Unit } from '../model/outcome.ts';

/** What a build has made so far, and the step that pushes it once one does. */
export interface Build {
  readonly inputs: Record<string, string>;
  readonly env: Record<string, string>;
  readonly notes: string[];
  /** What names it in the Docker of the runner, in the canonical form. */
  readonly names: Set<string>;
  /** Parts that are its work: the build itself, its tags and its pushes. */
  readonly units: Unit[];
  step?: NewStep;
  /** Where it was last pushed, among the units of the job. */
  at?: number;
}

/** Secrets that were set and wait for the deploy of their app. */
export interface FlySecrets {
  readonly unit: Unit;
  readonly app: string | undefined;
  readonly lines: readonly string[];
  readonly unset: readonly string[];
}

/** What was made of an API and waits for the gateway that serves it. */
export interface ApiConfig {
  readonly units: Unit[];
  /** Empty for the API itself. */
  readonly config: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** A step that signs in, and the inputs with which a step of ours does so by itself. */
export interface Credentials {
  readonly unit: Unit;
  readonly inputs: Readonly<Record<string, string>>;
  /** The project that the credentials are of, where the step says. */
  readonly project?: string;
  /** Whether later steps find the credentials where Google's libraries look. */
  readonly isFound: boolean;
  /** The id that tells the project of the credentials as an output. */
  readonly id?: string;
  /** Why it stays whatever comes after. */
  readonly stays?: string;
}
