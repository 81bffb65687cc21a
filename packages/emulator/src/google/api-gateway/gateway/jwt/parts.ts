import { JwtError } from './error.ts';

/** A token taken apart and checked for shape, not yet believed. */
export interface JwtParts {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly issuer: string | undefined;
  readonly audiences: readonly string[];
  /** Seconds since the epoch. */
  readonly notBefore: number | undefined;
  readonly expires: number | undefined;
  /** The payload as it came, base64url. */
  readonly payload: string;
}

const ALGORITHMS = /^(?:ES(?:256|384|512)|HS(?:256|384|512)|RS(?:256|384|512)|PS(?:256|384|512)|EdDSA)$/;

/** @throws JwtError 401 for what is not a JWT (RFC 7519) */
export function parseJwt(token: string): JwtParts {
  const [header, payload, signature, ...more] = token.split('.');
  if (!header || !payload || signature === undefined || more.length > 0) {
    throw new JwtError('Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections');
  }
  const { alg, kid } = decode(header, 'header');
  if (typeof alg !== 'string') throw new JwtError('Jwt header [alg] field is required and must be a string');
  if (!ALGORITHMS.test(alg)) throw new JwtError('Jwt header [alg] is not supported');
  if (kid !== undefined && typeof kid !== 'string')
    throw new JwtError('Jwt header [kid] field is not a string');

  const { iss, sub, aud, iat, nbf, exp } = decode(payload, 'payload');
  if (iss !== undefined && typeof iss !== 'string')
    throw new JwtError('Jwt payload [iss] field is not a string');
  if (sub !== undefined && typeof sub !== 'string')
    throw new JwtError('Jwt payload [sub] field is not a string');
  time(iat, 'iat');
  const notBefore = time(nbf, 'nbf');
  const expires = time(exp, 'exp');
  const audiences = aud === undefined ? [] : [aud].flat();
  if (!audiences.every((audience) => typeof audience === 'string'))
    throw new JwtError('Jwt payload [aud] field is not a string or string list');
  if (!isBase64url(signature)) throw new JwtError('Jwt signature is an invalid Base64url encoded');
  return { alg, kid, issuer: iss, audiences, notBefore, expires, payload };
}

function decode(part: string, name: 'header' | 'payload'): Record<string, unknown> {
  if (!isBase64url(part)) throw new JwtError(`Jwt ${name} is an invalid Base64url encoded`);
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Not JSON: refused below, like JSON that is no object.
  }
  throw new JwtError(`Jwt ${name} is an invalid JSON`);
}

function time(value: unknown, claim: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number') throw new JwtError(`Jwt payload [${claim}] field is not an integer`);
  if (value < 0 || value > Number.MAX_SAFE_INTEGER)
    throw new JwtError(`Jwt payload [${claim}] field is not a positive 64 bit integer`);
  return Math.floor(value);
}

function isBase64url(text: string): boolean {
  return /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1;
}
