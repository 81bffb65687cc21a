import { ActionError } from '@gangway/action/error';
import {
  type Answer,
  fields,
  LIMITS,
  number,
  type Reader,
  readJson,
  send,
  token,
  unexpected,
} from '@gangway/http';
import type { Challenge } from './challenge.ts';
import { RegistryError } from './registry-error.ts';

export interface Login {
  /** {@link IDENTITY_TOKEN} where the password is a refresh token. */
  readonly username: string;
  readonly password: string;
}

/** What Docker's credential helpers say in place of a user's name when they give a refresh token. */
export const IDENTITY_TOKEN = '<token>';

/** Asked each time that a token is needed, so that it may give one that is still good; undefined asks as nobody. */
export type RegistryCredential = () => Promise<Login | undefined>;

/** What lets requests of a scope in, until it is too old (milliseconds since the epoch). */
export interface Grant {
  readonly authorization: string;
  readonly until: number;
}

/** @see https://distribution.github.io/distribution/spec/auth/token/ */
interface GivenToken {
  readonly token?: string;
  readonly access_token?: string;
  readonly expires_in?: number;
}

/** Some registries fill in one of the two names alone. */
const bearer: Reader<string> = (value, at) => (value === '' ? value : token(value, at));
const TOKEN = fields<GivenToken>({ token: bearer, access_token: bearer, expires_in: number });

/** Seconds that a token lives when its registry does not say (https://distribution.github.io/distribution/spec/auth/token/). */
const USUAL_LIFETIME = 60;

/**
 * Answers a registry's challenge.
 *
 * @param origin of the registry
 * @throws RegistryError where the sign-in is refused; ActionError for one that would send the password in the clear
 */
export async function signIn(
  challenge: Challenge,
  scope: string,
  credential: RegistryCredential | undefined,
  origin: string,
  signal: AbortSignal | undefined,
): Promise<Grant> {
  const own = await credential?.();
  const basic = own && `Basic ${Buffer.from(`${own.username}:${own.password}`).toString('base64')}`;
  if (challenge.scheme === 'basic') {
    // The password may age: it is asked for again before long.
    return { authorization: basic ?? '', until: Date.now() + USUAL_LIFETIME * 1000 };
  }
  const realm = realmOf(challenge.realm, origin);
  if (realm.protocol !== 'https:' && realm.origin !== origin) {
    throw new ActionError(
      `The registry at ${origin} sends its clients to sign in over plain http: ${realm.origin}.`,
      {
        code: 'registry',
        hint: 'use a registry that can be trusted with a password',
      },
    );
  }
  const response = await (own?.username === IDENTITY_TOKEN
    ? exchange(realm, challenge.service, scope, own.password, signal)
    : askToken(realm, challenge.service, scope, basic, signal));
  if (!response.ok)
    throw new RegistryError(
      `the sign-in for ${scope}`,
      response.status,
      await response.beginning(LIMITS.excerpt),
    );
  const {
    token,
    access_token: same,
    expires_in: lifetime = USUAL_LIFETIME,
  } = await readJson(response, TOKEN);
  if (!token && !same) throw unexpected(response.what, 'there is no token in it');
  return { authorization: `Bearer ${token ?? same ?? ''}`, until: Date.now() + lifetime * 800 };
}

function realmOf(realm: string, origin: string): URL {
  const url = URL.parse(realm, origin);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new ActionError(`The registry at ${origin} sends its clients to sign in at no address.`, {
    code: 'registry',
    hint: 'check the name of the image; that registry is set up wrongly',
  });
}

function askToken(
  realm: URL,
  service: string | undefined,
  scope: string,
  authorization: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (service) realm.searchParams.set('service', service);
  for (const part of scope.split(' ')) realm.searchParams.append('scope', part);
  return send(realm, {
    headers: { ...(authorization && { authorization }) },
    limit: LIMITS.token,
    signal,
  });
}

/** @see https://distribution.github.io/distribution/spec/auth/oauth/ */
function exchange(
  realm: URL,
  service: string | undefined,
  scope: string,
  token: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const form = { grant_type: 'refresh_token', client_id: 'gangway', refresh_token: token, scope };
  return send(realm, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...form, ...(service && { service }) }).toString(),
    limit: LIMITS.token,
    signal,
  });
}
