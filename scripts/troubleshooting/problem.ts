/** An error that a step can end with, as the troubleshooting page explains it. */
export interface Problem {
  /** The code of the ActionError, or several that have one cause. */
  readonly codes: readonly string[];
  /** What the reader sees. `…` stands for what differs from run to run; a check finds the rest in the sources. */
  readonly says: string;
  readonly why: string;
  readonly fix: string;
}

/** Problems that a reader looks for in one place. */
export interface Family {
  readonly title: string;
  readonly problems: readonly Problem[];
}
