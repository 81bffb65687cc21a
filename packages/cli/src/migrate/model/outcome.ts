import type { Part } from '../shell/script.ts';
import type { Step } from './workflow.ts';

/** A step of an action of ours that takes the place of others. */
export interface NewStep {
  name?: string;
  id?: string;
  /** Folder below actions/. */
  readonly action: string;
  readonly with: Record<string, string>;
  readonly env: Record<string, string>;
  condition?: string;
  /** Keys that are handed on, such as `continue-on-error`. */
  readonly rest: Readonly<Record<string, string>>;
  /** What is otherwise than before, for the report. */
  readonly notes: string[];
  /** Whether it signs in to Google. */
  readonly signsIn: boolean;
  /** The image that was written where an output of a build stands now. */
  image?: string;
  /** Whether its app gets another name than before. */
  readonly renames?: true;
}

/** What a step that is left out was for: it stays where something that stays needs that. */
type Need = 'gcloud' | 'docker' | 'fly' | 'repository';

/** What becomes of a step without a script, or of a part of a script. */
export type Outcome =
  /** It stays; with a reason where the suite might have been expected to replace it. */
  | {
      readonly kind: 'stays';
      readonly why?: string;
      readonly text?: string;
      readonly env?: Record<string, string>;
    }
  /** It is left out. */
  | { readonly kind: 'left'; readonly why: string; readonly for?: Need }
  /** Steps stand in its place. */
  | { readonly kind: 'becomes'; readonly steps: readonly NewStep[] }
  /** Another's steps do its work. */
  | { readonly kind: 'joins'; readonly step: NewStep };

/** A step without a script, or a part of a script. */
export interface Unit {
  readonly step: Step;
  readonly part?: Part;
  outcome: Outcome;
}

export const STAYS: Outcome = { kind: 'stays' };
