import { GOOGLE_UNIVERSE } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';
import { lifetimeFixed, scopesFixed } from './fixed.ts';
import type { Identity, Source, Surroundings } from './source.ts';
import { redirected } from './token-request.ts';

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
    const { token } = await from.getAccessToken();
    if (!token) throw new Error('The answer held no access token.');
    return { token, expires: from.credentials.expiry_date ?? now() + UNTOLD_LIFE };
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
    fetchIdToken,
  };
}

/** Makes a client fetch whenever it is asked, where gcloud's overrides say, and masks what it is given. */
function watch(client: AuthClient, { mask, universeDomain }: Surroundings): AuthClient {
  client.eagerRefreshThresholdMillis = ALWAYS;
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
