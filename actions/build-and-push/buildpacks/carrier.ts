import { randomUUID } from 'node:crypto';

/** The tag under which pack publishes an image, before this step's own tags name it. */
export interface PackCarrier {
  readonly tag: string;
  /** Whether it is removed afterwards. */
  readonly removed: boolean;
}

/** Nobody deploys by it: what it names is not labelled yet, and moves with each build. */
const SHARED = 'gangway-buildpacks';

/**
 * Chooses it: a tag of this run's own where that can be removed again, and where a tag can't be moved; else one that all share, so that
 * builds leave no more than one behind. The digest is what pack itself said, whatever the tag names by then.
 */
export function packCarrier(immutableTags: boolean, deletesTags: boolean): PackCarrier {
  const removed = deletesTags && !immutableTags;
  const own = `gangway-run-${randomUUID().replaceAll('-', '')}`;
  return { tag: removed || immutableTags ? own : SHARED, removed };
}
