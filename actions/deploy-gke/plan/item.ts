import type { KubernetesObject, Target } from '@gangway/kubernetes';
import type { Change } from '@gangway/settings';

/** One object: what there is, and what becomes of it. */
export interface Item extends Target {
  /** As it is before; undefined where there is none. */
  readonly live: KubernetesObject | undefined;
  readonly change: 'created' | 'changed' | 'unchanged';
  readonly changes: readonly Change[];
  /** Whether the server has found it valid; what lies in a namespace that is not there yet can't be checked before. */
  readonly checked: boolean;
  /** How it is sent: as a whole, or as the patch of one image. */
  readonly patch?: object;
}
