import type { Unit } from '../model/outcome.ts';

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
