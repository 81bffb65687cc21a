import type { Context as ContextOf } from '../contracts.ts';
import type { FlyPlane } from './containers/plane.ts';
import type { FlyState } from './state.ts';

export interface FlyStates {
  readonly fly: FlyState;
  /** The data plane: machines that run, and what answers in front of them. */
  readonly flyPlane: FlyPlane;
}

/** What the handlers of Fly.io work with. */
export type Context = ContextOf<FlyStates, 'pools' | 'repositories'>;
