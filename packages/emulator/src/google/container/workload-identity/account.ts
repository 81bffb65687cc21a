import type { Asker, MetadataSite } from './asker.ts';
import { exchangeToken, identityToken, impersonate, Refused } from './tokens.ts';

/** The account that an asker finds. */
export interface Account {
  /** Of a service account of Google's; the name of the pool for a pod that has none. */
  readonly email: string;
  /** Makes a token. @throws Refused as the metadata server says it */
  accessToken(scopes?: readonly string[]): Promise<{ readonly token: string; readonly lifetime: number }>;
  /** Makes an ID token. @throws Refused as the metadata server says it */
  identityToken(audience: string, includeEmail: boolean): Promise<string>;
}

/** What links a Kubernetes service account with one of Google's. */
const ANNOTATION = 'iam.gke.io/gcp-service-account';

export function accountOf(asker: Asker, site: MetadataSite): Account {
  const credentials = site.addressOf('iamcredentials.googleapis.com');
  if (asker.kind === 'node') {
    const email = `${site.project.number}-compute@developer.gserviceaccount.com`;
    return {
      email,
      accessToken: async (scopes) => site.nodeToken(scopes),
      identityToken: (audience, includeEmail) => site.nodeIdentityToken(audience, includeEmail),
    };
  }
  const pool = `${site.project.id}.svc.id.goog`;
  const federated = async (scopes?: readonly string[]) =>
    exchangeToken(site.addressOf('sts.googleapis.com'), {
      audience: `identitynamespace:${pool}:${site.cluster}`,
      token: await asker.token(pool),
      scopes,
    });
  const email = asker.annotations[ANNOTATION];
  if (!email)
    return {
      email: pool,
      accessToken: federated,
      async identityToken() {
        throw new Refused(
          404,
          `Only a service account of Google Cloud has identity tokens: annotate the Kubernetes service account with ${ANNOTATION}.\n`,
        );
      },
    };
  const token = async () => (await federated()).token;
  return {
    email,
    accessToken: async (scopes) => impersonate(credentials, email, await token(), scopes),
    identityToken: async (audience, includeEmail) =>
      identityToken(credentials, email, await token(), { audience, includeEmail }),
  };
}
