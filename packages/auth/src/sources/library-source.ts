import { GOOGLE_UNIVERSE } from '@gangway/google-cloud';
import { doorFetch, RequestFailure, readValue, token as tokenText, unexpected } from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { lifetimeFixed, scopesFixed } from '../tokens/fixed.ts';
import { redirected } from '../tokens/token-request.ts';
import type { Identity, Source, Surroundings } from './source.ts';

/** The token client decides when to renew; asked for a token, the library must fetch one. */
const ALWAYS = 24 * 3600 * 1000;
const UNTOLD_LIFE = 300_000;

export interface LibraryClient {
  readonly client: AuthClient;
  /** The same client with scopes of the caller's choice, for credentials that are not bound to some. */
  readonly scoped?: (scopes: string[]) => AuthClient;
  readonly fetchIdToken?: (audience: string) => Promise<string>;
}

/** A client of google-auth-library as a source: its requests follow gcloud's overrides, what it is given is masked. */
export function librarySource(
  { client, scoped, fetchIdToken }: LibraryClient,
  identity: Identity,
  projectId: string | undefined,
  surroundings: Surroundings,
): Source {
  const { now = Date.now, universeDomain = GOOGLE_UNIVERSE } = surroundings;
  const fetch = async (from: AuthClient) => {
    const { token } = await asked(() => from.getAccessToken());
    const { expiry_date: ends } = from.credentials;
    const expires = typeof ends === 'number' && ends < now() + ALWAYS ? ends : now() + UNTOLD_LIFE;
    return { token: checked(token), expires };
  };
  watch(client, surroundings);
  return {
    description: identity.description,
    projectId,
    universeDomain,
    identity: () => identity,
    async fetch(wanted) {
      if (!wanted) return fetch(client);
      if (wanted.lifetime) throw lifetimeFixed('Google decides on it');
      if (!scoped) throw scopesFixed(identity.description);
      return fetch(watch(scoped([...wanted.scopes]), surroundings));
    },
    ...(fetchIdToken && {
      fetchIdToken: async (audience: string) => checked(await asked(() => fetchIdToken(audience))),
    }),
  };
}

/** Makes a client fetch whenever it is asked, through the one door, where gcloud's overrides say, and masks what it is given. */
function watch(client: AuthClient, { mask, universeDomain }: Surroundings): AuthClient {
  client.eagerRefreshThresholdMillis = ALWAYS;
  byDoor(client);
  client.transporter.interceptors.request.add({
    resolved: async (request) => {
      request.url = redirected(request.url, universeDomain);
      return request;
    },
  });
  client.transporter.interceptors.response.add({
    resolved: async (response) => {
      const { access_token, id_token } = Object(response.data) as Record<string, unknown>;
      for (const token of [access_token, id_token]) if (typeof token === 'string') mask(token);
      return response;
    },
  });
  return client;
}

/** Makes a client of the library send through the one door, each request once: the token client's retry policy holds for all. */
export function byDoor<T extends AuthClient>(client: T): T {
  client.transporter.defaults.fetchImplementation = doorFetch as typeof globalThis.fetch;
  client.transporter.interceptors.request.add({
    resolved: async (request) => {
      request.retry = false;
      delete request.retryConfig;
      return request;
    },
  });
  return client;
}

/** Has the library ask; where it can't make anything of the answer, it is the answer that is at fault. */
export async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { cause } = Object(error) as { cause?: unknown };
    if (cause instanceof RequestFailure) throw cause;
    if (error instanceof TypeError || error instanceof SyntaxError)
      throw unexpected('The request for a token', `Google's library can't read it (${error.message})`);
    throw error;
  }
}

function checked(token: unknown): string {
  return readValue(token, 'The request for a token', tokenText);
}
