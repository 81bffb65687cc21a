import type { Service } from '@gangway/google-cloud';

/** One thing to delete, as its API has it. */
export interface Resource {
  readonly service: Service;
  /** With the version of the API in front. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** One step of taking down. */
export interface Step {
  /** In words, for people; no two steps have the same. */
  readonly title: string;
  /** What goes together: those of one list in any order, before those of the next. */
  readonly resources: readonly (readonly Resource[])[];
  /** Titles of the steps that have to be done before. */
  readonly needs: readonly string[];
}

/** Something that is there and stays. */
export interface Kept {
  readonly title: string;
  /** Why, as the rest of a sentence about it. */
  readonly reason: string;
  /** What a person can do about it. */
  readonly cure?: string;
}

/** What a part of the app comes to. */
export interface Part {
  readonly steps: readonly Step[];
  readonly kept: readonly Kept[];
  /** Titles of what isn't there. */
  readonly missing: readonly string[];
}

export interface Plan extends Part {
  /** What stays at Google for a while though it is gone. */
  readonly notes: readonly string[];
}

/** A plan's home, for commands. */
export interface Home {
  readonly projectId: string;
}
