import { createHash } from 'node:crypto';
import { staleFingerprint } from './errors.ts';

/** What a part of a resource is known by until it changes; base64, as clients decode it. */
export function fingerprintOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest().subarray(0, 8).toString('base64');
}

/** @throws ComputeError 412 unless the caller has seen what it changes */
export function requireFingerprint(given: unknown, current: unknown, what: string): void {
  if (given !== current) throw staleFingerprint(what);
}
