import { exchangeToken, impersonate } from './tokens.ts';
import type { MetadataSite } from './tree.ts';

/** Whose request a metadata server has got, as the cluster says. */
export type Asker = NodeAsker | PodAsker;

/** A program in the node's own network. */
interface NodeAsker {
  readonly kind: 'node';
  /** The node's name. */
  readonly node: string;
}

interface PodAsker {
  readonly kind: 'pod';
  readonly node: string;
  readonly namespace: string;
  /** Its Kubernetes service account, and what that says of itself. */
  readonly account: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** A token of that account, for this audience. */
  token(audience: string): Promise<string>;
}

/** The account that an asker finds. */
export interface Account {
  /** Of a service account of Google's; the name of the pool for a pod that has none. */
  readonly email: string;
  /** Makes a token. @throws Refused as the metadata server says it */
  accessToken(scopes?: readonly string[]): Promise<{ readonly token: string; readonly lifetime: number }>;
  /** Where to ask for its ID tokens, and as whom; undefined where there are none. */
  readonly identity?: { readonly credentials: string; readonly token: () => Promise<string> };
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
      identity: { credentials, token: async () => site.nodeToken(undefined).token },
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
  if (!email) return { email: pool, accessToken: federated };
  const token = async () => (await federated()).token;
  return {
    email,
    accessToken: async (scopes) => impersonate(credentials, email, await token(), scopes),
    identity: { credentials, token },
  };
}
