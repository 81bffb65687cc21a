import { randomBytes } from 'node:crypto';
import {
  type CryptoKey,
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { Recent } from './recent.ts';

/** Who issues ID tokens. */
export interface Issuer {
  /** The `iss` of its tokens, e.g. `https://accounts.google.com`. */
  readonly issuer: string;
  /** Another way of writing it that is the same issuer. */
  readonly alias?: string;
  /** Where the world reads its public keys. */
  readonly jwksUris?: readonly string[];
  /** Whether everything below it is an issuer too, with the same keys. */
  readonly below?: boolean;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwks: JSONWebKeySet;
  /** The same, as jose looks keys up: it imports each once. */
  readonly keySet: ReturnType<typeof createLocalJWKSet>;
  /** The private key as a JWK. */
  readonly secret: JWK;
}

type SavedKey = Pick<SigningKey, 'kid' | 'secret'>;

interface SavedKeys {
  readonly requestSecret: Buffer;
  /** By issuer. */
  readonly keys: ReadonlyMap<string, SavedKey>;
}

/** Tokens that are kept for tests that look for leaks: a gateway may sign for days. */
const KEPT = 10_000;
/** Tokens that are known to be good: those of the callers of a while. */
const KNOWN = 1000;

/** What a token must be to pass {@link SigningKeys.verify}. */
export interface Expected {
  /** One of the issuers the cloud holds keys of. */
  readonly issuer: string;
  /** Accepted audiences; without them any is. */
  readonly audience?: string | readonly string[];
  /** Milliseconds since the epoch, to judge `exp` and `nbf` by. */
  readonly now: number;
}

/** The RSA key of each issuer of ID tokens in the cloud. */
export class SigningKeys {
  /** The secret behind the request tokens that jobs are given. */
  readonly requestSecret: Buffer;
  readonly #keys: ReadonlyMap<Issuer, Promise<SigningKey>>;
  readonly #made = new Map<string, SavedKey>();
  readonly #signed = new Recent<string>(KEPT);
  /** Claims of tokens that were verified, by what they were verified for: a caller sends the same one many times. */
  readonly #verified = new Map<string, JWTPayload>();

  /**
   * Begins to make the keys, which takes a tenth of a second that nobody waits for before the first token.
   *
   * @param saved what {@link save} gave; an issuer that it has no key of gets a new one
   */
  constructor(issuers: readonly Issuer[], saved?: unknown) {
    const { requestSecret = randomBytes(32), keys: known = new Map() } = (saved ?? {}) as Partial<SavedKeys>;
    this.requestSecret = requestSecret;
    this.#keys = new Map(issuers.map((issuer) => [issuer, this.#make(issuer, known.get(issuer.issuer))]));
    // Told by the first use.
    for (const key of this.#keys.values()) key.catch(() => undefined);
  }

  /** Waits until all keys are made: {@link save} has no others. */
  async made(): Promise<void> {
    await Promise.all(this.#keys.values());
  }

  /** What outlives the process: with it, tokens stay good. */
  save(): unknown {
    return { requestSecret: this.requestSecret, keys: this.#made } satisfies SavedKeys;
  }

  /** Whether the cloud is that issuer. */
  has(issuer: string): boolean {
    return this.#find(issuer) !== undefined;
  }

  /**
   * Signs claims as they are with the key of their `iss`: RS256, `kid` in the header.
   *
   * @throws Error when the cloud is not that issuer
   */
  async sign(claims: JWTPayload & { iss: string }): Promise<string> {
    const key = await this.#find(claims.iss)?.[1];
    if (!key) throw new Error(`No signing key of issuer ${claims.iss}`);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid })
      .sign(key.privateKey);
    this.#signed.add(token);
    return token;
  }

  /** The last tokens that were signed, for tests that look for leaks. */
  signed(): readonly string[] {
    return this.#signed.recent;
  }

  /** An issuer's public keys as its JWKS endpoint publishes them (RFC 7517 section 5); undefined for a stranger. */
  async jwks(issuer: string): Promise<JSONWebKeySet | undefined> {
    return (await this.#find(issuer)?.[1])?.jwks;
  }

  /** The public keys that the world reads at an address; undefined for one of no issuer here. */
  async jwksAt(uri: string): Promise<JSONWebKeySet | undefined> {
    return (await [...this.#keys].find(([{ jwksUris = [] }]) => jwksUris.includes(uri))?.[1])?.jwks;
  }

  /**
   * The claims of a token of this issuer, once signature, issuer, audience and times hold. It must name its key and have both times.
   *
   * @throws jose's JOSEError when one of them does not
   */
  async verify(token: string, { issuer, audience, now }: Expected): Promise<Readonly<JWTPayload>> {
    const use = JSON.stringify([issuer, audience, token]);
    const verified = this.#verified.get(use);
    if (verified && isTimely(verified, now)) return verified;
    const [known, making] = this.#find(issuer) ?? [];
    const key = await making;
    if (decodeProtectedHeader(token).kid === undefined) throw new errors.JWSInvalid('no kid');
    const { payload } = await jwtVerify(token, key?.keySet ?? createLocalJWKSet({ keys: [] }), {
      requiredClaims: ['iat', 'exp'],
      issuer: known?.alias === undefined ? issuer : [known.issuer, known.alias],
      ...(audience !== undefined && { audience: [audience].flat() }),
      algorithms: ['RS256'],
      currentDate: new Date(now),
    });
    if (this.#verified.size >= KNOWN) this.#verified.clear();
    this.#verified.set(use, payload);
    return payload;
  }

  async #make({ issuer }: Issuer, known: SavedKey | undefined): Promise<SigningKey> {
    const key = await signingKey(known);
    this.#made.set(issuer, { kid: key.kid, secret: key.secret });
    return key;
  }

  #find(iss: string): readonly [Issuer, Promise<SigningKey>] | undefined {
    return [...this.#keys].find(
      ([{ issuer, alias, below }]) =>
        iss === issuer || (alias !== undefined && iss === alias) || (below && iss.startsWith(`${issuer}/`)),
    );
  }
}

/** Whether a token that was good once still is, as jose judges: its key and its claims stay what they were. */
function isTimely({ nbf = 0, exp = 0 }: JWTPayload, now: number): boolean {
  const seconds = Math.floor(now / 1000);
  return nbf <= seconds && seconds < exp;
}

async function signingKey(known?: SavedKey): Promise<SigningKey> {
  const kid = known?.kid ?? randomBytes(20).toString('hex');
  const secret =
    known?.secret ?? (await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey));
  const { kty, n, e } = secret;
  const jwks = { keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' } as JWK] };
  return {
    kid,
    secret,
    privateKey: (await importJWK(secret, 'RS256')) as CryptoKey,
    jwks,
    keySet: createLocalJWKSet(jwks),
  };
}
