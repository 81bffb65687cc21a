import type { AuthClient } from 'google-auth-library';
import type { Identity, Source, Surroundings } from './source.ts';
import { redirected } from './token-request.ts';

/** The token client decides when to renew; asked for a token, the library must fetch one. */
const ALWAYS = 24 * 3600 * 1000;
const UNTOLD_LIFE = 300_000;

/** A client of google-auth-library as a source: its requests follow gcloud's overrides, what it is given is masked. */
export function librarySource(
  client: AuthClient,
  identity: Identity,
  projectId: string | undefined,
  { mask, now = Date.now }: Surroundings,
): Source {
  client.eagerRefreshThresholdMillis = ALWAYS;
  client.transporter.interceptors.request.add({
    resolved: async (request) => {
      request.url = redirected(request.url);
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
  return {
    description: identity.description,
    projectId,
    identity: () => identity,
    async fetch() {
      const { token } = await client.getAccessToken();
      if (!token) throw new Error('The answer held no access token.');
      return { token, expires: client.credentials.expiry_date ?? now() + UNTOLD_LIFE };
    },
  };
}
