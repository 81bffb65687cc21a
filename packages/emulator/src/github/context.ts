import type { Context as ContextOf } from '../contracts.ts';
import type { Repositories } from './rest/state.ts';

interface States {
  readonly githubRepositories: Repositories;
}

/** What GitHub works with. */
export type Context = ContextOf<States, 'accounts' | 'iam' | 'pools'>;
