import { unexpected } from '@gangway/http';
import { claimsOf } from './claims.ts';

/** Seconds that the longest access token lives, where a policy of the organization allows it. */
const LONGEST_LIFE = 12 * 3600;
/** Milliseconds: beyond them there is no date. */
const END_OF_TIME = 8.64e15;

/**
 * When a token ends that was asked for at a time and lives so many seconds, in milliseconds since the epoch.
 *
 * @throws RequestFailure `answer-unexpected` when it is over before it begins
 */
export function endOf(asked: number, seconds: number): number {
  if (seconds <= 0) throw unexpected('The request for an access token', `expires_in is ${seconds}`);
  return asked + Math.min(seconds, LONGEST_LIFE) * 1000;
}

/**
 * When an ID token ends, in milliseconds since the epoch.
 *
 * @throws RequestFailure `answer-unexpected` when it is no JWT that says so
 */
export function endOfIdToken(jwt: string): number {
  const end = Number(claimsOf(jwt)?.exp) * 1000;
  if (end > 0 && end < END_OF_TIME) return end;
  throw unexpected('The request for an ID token', 'it is not a JWT with an expiry');
}
