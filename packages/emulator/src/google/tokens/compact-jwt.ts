/** A JWT taken apart, not yet believed. */
export interface CompactJwt {
  readonly header: { readonly alg: string; readonly kid: string | undefined };
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the signature is over. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Why a text is not a JWT. */
export class MalformedJwt extends Error {}

/**
 * Takes a JWT apart (RFC 7519): three parts of base64url without padding, of which two are JSON objects, an `alg`, and no
 * extension that a verifier must know (`crit`, RFC 7515 section 4.1.11).
 *
 * @throws MalformedJwt
 */
export function parseCompactJwt(token: string): CompactJwt {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || signature === '') throw new MalformedJwt('not three parts');
  const { alg, kid, crit } = objectOf(header);
  if (typeof alg !== 'string') throw new MalformedJwt('no alg');
  if (kid !== undefined && typeof kid !== 'string') throw new MalformedJwt('kid is not a string');
  if (crit !== undefined) throw new MalformedJwt('crit');
  return {
    header: { alg, kid: kid || undefined },
    claims: objectOf(payload),
    signed: `${header}.${payload}`,
    signature: bytesOf(signature),
  };
}

/**
 * A time claim in seconds since the epoch. RFC 7519 has it be a JSON number; Google's documents say whole seconds throughout, so one
 * with a fraction is none, nor is a text, or a number that no clock reaches.
 *
 * @returns undefined for anything else, and where there is none
 */
export function timeOf(claims: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = claims[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < LAST
    ? value
    : undefined;
}

/** The audiences of a JWT: one, or several; undefined where they are not texts. */
export function audiencesIn({ aud }: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const given = Array.isArray(aud) ? aud : [aud];
  return given.every((each) => typeof each === 'string' && each !== '') ? given : undefined;
}

/** The year 9999, where RFC 3339 ends. */
const LAST = 253_402_300_800;

function objectOf(part: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(part)));
  } catch (cause) {
    throw new MalformedJwt('not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedJwt('not an object');
  return value as Record<string, unknown>;
}

/** Node reads base64 whatever it holds; this takes only what a writer could have written. */
function bytesOf(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (part === '' || bytes.toString('base64url') !== part) throw new MalformedJwt('not base64url');
  return bytes;
}
