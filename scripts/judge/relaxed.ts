import type { Exchange, Violation } from './judge.ts';

interface Relaxation {
  /** Why it is right though the documents say otherwise. */
  readonly reason: string;
  readonly matches: (violation: Violation, exchange: Exchange) => boolean;
}

/** Where Google does otherwise than its documents say. */
export const RELAXED: readonly Relaxation[] = [];
