import type { BuildRequest } from '../build/build.ts';
import type { BuildReport } from '../progress/build-report.ts';

/** How one build uses what earlier ones did. */
export interface Cache {
  /** Arguments of the builder. */
  readonly more: readonly string[];
  /** Keeps what the build did. Called when the image is pushed, and never fails. */
  save(report: BuildReport): Promise<void>;
}

/** What a cache is made of: the build but for the cache's own arguments. */
export interface CacheRequest extends Omit<BuildRequest, 'more' | 'reference'> {
  /** Whether a tag of the image's repository can't be moved. */
  readonly immutableTags: boolean;
}

/** Tells which tags of the cache are there; where that can't be asked, they may be. */
export type Lookup = (tag: string) => Promise<boolean>;
