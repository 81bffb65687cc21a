import type { Context as ContextOf } from '../contracts.ts';
import type { DataPlane } from './data-plane.ts';
import type { FlyState } from './state.ts';

export interface FlyStates {
  readonly fly: FlyState;
  readonly flyPlane: DataPlane;
}

/** What the handlers of Fly.io work with. */
export type Context = ContextOf<FlyStates, 'pools' | 'repositories'>;
