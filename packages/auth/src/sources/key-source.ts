import { GOOGLE_UNIVERSE } from '@gangway/google-cloud';
import { JWT } from 'google-auth-library';
import { CLOUD_PLATFORM, impersonateIdToken } from '../tokens/token-request.ts';
import { librarySource } from './library-source.ts';
import type { Identity, Source, Surroundings } from './source.ts';

interface Key {
  readonly email: string;
  /** PEM. */
  readonly key: string;
  readonly keyId: string | undefined;
}

/** Seconds that a self-signed JWT may live. */
const SELF_SIGNED_LIFE = 3600;

/**
 * A service account's key as a source. Outside Google's own universe there is no OAuth server: the JWT that the key signs is
 * the access token itself (https://google.aip.dev/auth/4111).
 */
export function keySource(
  { email, key, keyId }: Key,
  identity: Identity,
  projectId: string | undefined,
  surroundings: Surroundings,
): Source {
  const { universeDomain: universe = GOOGLE_UNIVERSE, now = Date.now, mask, signal } = surroundings;
  const clientFor = (scopes: string[]) => {
    const client = new JWT({ email, key, ...(keyId && { keyId }), scopes });
    client.universeDomain = universe;
    return client;
  };
  const client = clientFor([CLOUD_PLATFORM]);
  const byOAuth = librarySource(
    { client, scoped: clientFor, fetchIdToken: (audience) => client.fetchIdToken(audience) },
    identity,
    projectId,
    surroundings,
  );
  if (universe === GOOGLE_UNIVERSE) return byOAuth;

  const selfSigned = async (scopes: string[]) => {
    const asked = now();
    const headers = await clientFor(scopes).getRequestHeaders();
    const token = (headers.get('authorization') ?? '').replace(/^Bearer /, '');
    mask(token);
    return { token, expires: asked + SELF_SIGNED_LIFE * 1000 };
  };
  return {
    ...byOAuth,
    fetch: (wanted) => selfSigned([...(wanted?.scopes ?? [CLOUD_PLATFORM])]),
    async fetchIdToken(audience) {
      const { token } = await selfSigned([CLOUD_PLATFORM]);
      return impersonateIdToken({ serviceAccount: email, universe }, token, audience, signal);
    },
  };
}
