import type { Markdown } from '@gangway/markdown';
import type { RouteDiff } from './route-diff.ts';

/** What a run came to, done or only worked out. */
export interface Result {
  /** Of the gateways, in the order of their places; those that are not there yet are left out. */
  readonly urls: readonly string[];
  /** Ids of the configs that they serve, where it is not the plan's. */
  readonly configs?: readonly string[];
  /** Empty when there is no API yet. */
  readonly managedService: string;
  /** One sentence. */
  readonly lead: string;
  /** The same for the summary, where addresses are links. */
  readonly linkedLead?: Markdown;
  /** How routes change, as far as it was asked for. */
  readonly diffs: readonly RouteDiff[];
  /** For the summary, in place of the operations. */
  readonly details?: Markdown;
}
