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

/** Tells what is in the image that keeps the cache. */
export interface Lookup {
  /** Whether a tag is there; where that can't be asked, it may be. */
  held(tag: string): Promise<boolean>;
  /** The tags that begin so; none where that can't be asked. */
  startingWith(prefix: string): Promise<readonly string[]>;
}
