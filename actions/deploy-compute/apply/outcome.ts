import type { Instance } from '@gangway/compute';
import type { Change } from '@gangway/settings';
import type { Standing } from './step.ts';

/** What a step has done, for its outputs and its summary. */
export interface Outcome {
  readonly change: 'created' | 'updated' | 'restarted' | 'replaced' | 'none' | 'planned';
  readonly changes: readonly Change[];
  readonly image: string;
  /** The image that ran before, where that is known. */
  readonly previousImage: string;
  readonly instance: Instance | undefined;
  /** Name of the template of a group. */
  readonly template: string;
  readonly previousTemplate: string;
  readonly standing: readonly Standing[];
}
