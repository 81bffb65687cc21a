import type { Context as ContextOf } from '../../contracts.ts';
import type { Groups } from './groups/groups.ts';
import type { Machines } from './machines/machines.ts';
import type { ComputeState } from './state.ts';

export interface ComputeStates {
  readonly compute: ComputeState;
  /** The data plane: what runs behind the instances. */
  readonly machines: Machines;
  /** What keeps managed instance groups as they should be. */
  readonly groups: Groups;
}

/** What the handlers of Compute Engine work with. */
export type Context = ContextOf<ComputeStates, 'iam' | 'accounts' | 'tokens' | 'idTokens'>;
