import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Principal } from '../../kernel/principal.ts';
import { OAuthError } from '../tokens/oauth-form.ts';
import { Rejected } from './attribute-condition.ts';
import type { Context } from './context.ts';
import { type Verifier, verifyIdToken } from './federated-token.ts';

/** Who a token stands for. */
export interface Identified {
  readonly principal: Principal;
  /** Seconds that it is good for. */
  readonly lifetime: number;
}

const AUDIENCE = /^identitynamespace:([^:]+):(https:\/\/.+)$/;
const SUBJECT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/**
 * Who a token of a Kubernetes service account stands for, as the metadata servers of Kubernetes Engine ask.
 *
 * @param audience `identitynamespace:POOL:CLUSTER`
 * @returns undefined for an audience of another kind
 * @throws OAuthError where the project has no such cluster, Rejected for what is none of its tokens
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity
 */
export async function workloadOf(
  audience: string,
  token: string,
  { clusterAccess, project }: Context,
): Promise<Identified | undefined> {
  const [, pool = '', issuer = ''] = AUDIENCE.exec(audience) ?? [];
  if (!pool) return undefined;
  const keys = pool === `${project.id}.svc.id.goog` ? await clusterAccess.keysOf(issuer) : undefined;
  if (!keys) throw noTarget();
  const keySet = createLocalJWKSet(keys);
  const verifier: Verifier = {
    // A cluster is real, and so is its time.
    clock: { now: () => Date.now() },
    keys: {
      has: () => true,
      verify: async (given) => (await jwtVerify(given, keySet, { issuer, algorithms: ['RS256'] })).payload,
    },
  };
  const provider = { name: issuer, issuer, allowedAudiences: [pool] };
  const { exp, sub, 'kubernetes.io': claims } = await verifyIdToken(token, provider, verifier);
  const [, namespace = '', account = ''] = SUBJECT.exec(String(sub)) ?? [];
  if (!account)
    throw new Rejected('invalid_grant', `The subject ${sub} of the token is no Kubernetes service account.`);
  const { uid } = (claims as { serviceaccount?: { uid?: string } } | undefined)?.serviceaccount ?? {};
  const within = `iam.googleapis.com/projects/${project.number}/locations/global/workloadIdentityPools/${pool}`;
  const principal = {
    member: `principal://${within}/subject/ns/${namespace}/sa/${account}`,
    memberOf: [
      // The name of older policies.
      `serviceAccount:${pool}[${namespace}/${account}]`,
      `principalSet://${within}/namespace/${namespace}`,
      ...(uid ? [`principalSet://${within}/kubernetes.serviceaccount.uid/${uid}`] : []),
      `principalSet://${within}/kubernetes.cluster/${issuer}`,
      `principalSet://${within}/*`,
    ],
  };
  return { principal, lifetime: exp - Math.floor(Date.now() / 1000) };
}

/** In the service's own words. */
export function noTarget(): OAuthError {
  return new OAuthError(
    'invalid_target',
    'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
  );
}
