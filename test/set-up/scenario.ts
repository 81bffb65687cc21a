import type { Job } from '../helpers/job.ts';

/** A step that needs a permission. */
export interface Scenario {
  readonly action: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the step goes on without the permission, and warns. */
  readonly warns?: boolean;
}

/** What the steps work with. */
export interface Setting {
  readonly job: Job;
  /** A folder with a Dockerfile, and the base image that it takes. */
  readonly source: string;
  readonly base: string;
  /** The image that runs, by digest. */
  readonly image: string;
  /** Where documents are written. */
  readonly documents: string;
  /** Runs a step with all that its action may do. */
  readonly step: (scenario: Scenario) => Promise<{ readonly outputs: Readonly<Record<string, string>> }>;
}

/** Makes a step, once the setting is as it takes. */
export type Make = (setting: Setting) => Scenario | Promise<Scenario>;
