import { randomBytes } from 'node:crypto';
import {
  type CryptoKey,
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';

/** Who issues a GitHub Actions job's ID token (https://docs.github.com/actions/reference/security/oidc). */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
/** Who issues Google's ID tokens; the form without the scheme is the same issuer. */
export const GOOGLE_ISSUER = 'https://accounts.google.com';

/** Who issues Fly.io's ID tokens: below it every organization is an issuer of its own. */
export const FLY_ISSUER = 'https://oidc.fly.io';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwks: JSONWebKeySet;
}

/** What a token must be to pass {@link SigningKeys.verify}. */
export interface Expected {
  /** One of the issuers the cloud holds keys of. */
  readonly issuer: string;
  /** Accepted audiences; without them any is. */
  readonly audience?: string | string[];
  /** Milliseconds since the epoch, to judge `exp` and `nbf` by. */
  readonly now: number;
}

/** The RSA key of each issuer of ID tokens in the cloud. */
export class SigningKeys {
  /** The secret behind the request tokens that jobs are given. */
  readonly requestSecret = randomBytes(32);
  readonly #keys: ReadonlyMap<string, SigningKey>;
  readonly #signed: string[] = [];

  private constructor(keys: ReadonlyMap<string, SigningKey>) {
    this.#keys = keys;
  }

  static async generate(): Promise<SigningKeys> {
    const [github, google, fly] = await Promise.all([signingKey(), signingKey(), signingKey()]);
    return new SigningKeys(
      new Map([
        [GITHUB_ISSUER, github],
        [GOOGLE_ISSUER, google],
        [FLY_ISSUER, fly],
      ]),
    );
  }

  /**
   * Signs claims as they are with the key of their `iss`: RS256, `kid` in the header.
   *
   * @throws Error when the cloud is not that issuer
   */
  async sign(claims: JWTPayload & { iss: string }): Promise<string> {
    const key = this.#keys.get(canonical(claims.iss));
    if (!key) throw new Error(`No signing key of issuer ${claims.iss}`);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid })
      .sign(key.privateKey);
    this.#signed.push(token);
    return token;
  }

  /** Every token signed so far, for tests that look for leaks. */
  signed(): readonly string[] {
    return this.#signed;
  }

  /** An issuer's public keys as its JWKS endpoint publishes them (RFC 7517 section 5); undefined for a stranger. */
  jwks(issuer: string): JSONWebKeySet | undefined {
    return this.#keys.get(canonical(issuer))?.jwks;
  }

  /**
   * The claims of a token of this issuer, once signature, issuer, audience and times hold. It must name its key and have both times.
   *
   * @throws jose's JOSEError when one of them does not
   */
  async verify(token: string, { issuer, audience, now }: Expected): Promise<JWTPayload> {
    const jwks = this.jwks(issuer) ?? { keys: [] };
    if (decodeProtectedHeader(token).kid === undefined) throw new errors.JWSInvalid('no kid');
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
      requiredClaims: ['iat', 'exp'],
      issuer: canonical(issuer) === GOOGLE_ISSUER ? [GOOGLE_ISSUER, 'accounts.google.com'] : issuer,
      ...(audience !== undefined && { audience }),
      algorithms: ['RS256'],
      currentDate: new Date(now),
    });
    return payload;
  }
}

function canonical(issuer: string): string {
  if (issuer.startsWith(`${FLY_ISSUER}/`)) return FLY_ISSUER;
  return issuer === 'accounts.google.com' ? GOOGLE_ISSUER : issuer;
}

async function signingKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const kid = randomBytes(20).toString('hex');
  return {
    kid,
    privateKey,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] },
  };
}
