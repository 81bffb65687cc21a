import type { FlyState } from '../state.ts';
import type { Token } from './token.ts';

/** Whose token the environment holds. */
const FLY_USER = 'owner@example.com';

/** A token of the owner, good for both organizations. */
export function ownerToken(cloud: { readonly fly: FlyState }): Token {
  return cloud.fly.tokens.issue({ kind: 'user', name: FLY_USER });
}
