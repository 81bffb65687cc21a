/** A common fault of deploy workflows, and where it is. */
export interface Fault {
  readonly what: string;
  /** What to do. */
  readonly advice: string;
  /** Lines of the text, from 1. */
  readonly lines: readonly number[];
}
