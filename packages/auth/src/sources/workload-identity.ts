import { endpoint, GOOGLE_UNIVERSE } from '@gangway/google-cloud';
import { fields, number, token } from '@gangway/http';
import { claimsOf } from '../tokens/claims.ts';
import { lifetimeFixed } from '../tokens/fixed.ts';
import { endOf } from '../tokens/token-reader.ts';
import { CLOUD_PLATFORM, impersonate, impersonateIdToken, post, projectOf } from '../tokens/token-request.ts';
import type { Source, Surroundings, Token } from './source.ts';

/** A federated token this close to its end is not worth impersonating with. */
const SPARE = 10_000;
/** RFC 8693 leaves the lifetime out where the token does not end by itself. */
const UNTOLD_LIFE = 3600;
const JWT = 'urn:ietf:params:oauth:token-type:jwt';

interface Exchanged {
  readonly access_token: string;
  readonly expires_in?: number;
}

const EXCHANGED = fields<Exchanged>({ access_token: token, expires_in: number }, 'access_token');

export interface Federation {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly provider: string;
  /** E-mail address to impersonate; without it the federated identity itself acts. */
  readonly serviceAccount?: string | undefined;
  /** E-mail addresses of the service accounts to go through, in order. */
  readonly delegates?: readonly string[];
  /** What a credential configuration asks for that is not the usual. */
  readonly subjectTokenType?: string;
  readonly tokenUrl?: URL;
  readonly impersonationUrl?: URL | undefined;
}

/**
 * Workload Identity Federation: GitHub's OIDC token for a Google access token, directly, by impersonating a service
 * account, or through a chain of them.
 *
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
 * @see https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token
 */
export function workloadIdentity(federation: Federation, surroundings: Surroundings): Source {
  const { provider, serviceAccount, delegates = [], impersonationUrl: url } = federation;
  const { mask, signal, now = Date.now, universeDomain: universe = GOOGLE_UNIVERSE } = surroundings;
  const description = describe(federation);
  let claims: Readonly<Record<string, unknown>> | undefined;
  let federated: Token | undefined;

  const federate = async (scopes: readonly string[]): Promise<Token> => {
    const asked = now();
    const subjectToken = await surroundings.idToken(`https://iam.googleapis.com/${provider}`);
    claims = claimsOf(subjectToken);
    const answer = await exchange(federation, { subjectToken, scopes, universe }, signal);
    mask(answer.access_token);
    return { token: answer.access_token, expires: endOf(asked, answer.expires_in ?? UNTOLD_LIFE) };
  };

  const toImpersonateWith = async (): Promise<string> => {
    // A denied impersonation is tried again with what the exchange before it gave.
    if (!federated || now() > federated.expires - SPARE) federated = await federate([CLOUD_PLATFORM]);
    return federated.token;
  };

  const own = {
    description,
    projectId: serviceAccount && projectOf(serviceAccount),
    universeDomain: universe,
  };
  const identity = () => ({ description, provider, serviceAccount, delegates, claims });
  if (!serviceAccount) {
    return {
      ...own,
      identity,
      async fetch({ scopes, lifetime } = { scopes: [CLOUD_PLATFORM] }) {
        if (lifetime) throw lifetimeFixed('a federated token ends with the OIDC token it was exchanged for');
        return federate(scopes);
      },
    };
  }
  const impersonation = { serviceAccount, delegates, url, universe };
  return {
    ...own,
    identity,
    async fetch(wanted) {
      return impersonate(impersonation, await toImpersonateWith(), wanted, { now, signal });
    },
    async fetchIdToken(audience) {
      return impersonateIdToken(impersonation, await toImpersonateWith(), audience, signal);
    },
  };
}

function describe({ provider, serviceAccount, delegates = [] }: Federation): string {
  const through = `Workload Identity Federation (${provider})`;
  const via = delegates.length > 0 ? ` by way of ${delegates.join(', ')}` : '';
  return serviceAccount ? `${serviceAccount}${via} through ${through}` : through;
}

function exchange(
  { provider, tokenUrl, subjectTokenType = JWT }: Federation,
  { subjectToken, scopes, universe }: { subjectToken: string; scopes: readonly string[]; universe: string },
  signal: AbortSignal | undefined,
): Promise<Exchanged> {
  return post(
    tokenUrl ?? new URL('v1/token', endpoint('sts', universe)),
    new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      // A name, not a host: it is the same in every universe, as is a scope.
      audience: `//iam.googleapis.com/${provider}`,
      scope: scopes.join(' '),
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token_type: subjectTokenType,
      subject_token: subjectToken,
    }),
    EXCHANGED,
    signal,
  );
}
