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

/** Where a metadata server is. */
export interface MetadataSite {
  /** Of its cluster, as clients know it: `https://container.googleapis.com/v1/projects/P/locations/L/clusters/C`. */
  readonly cluster: string;
  readonly project: { readonly id: string; readonly number: string };
  /** Where a service answers, e.g. `http://127.0.0.1:8080/sts` for `sts.googleapis.com`. */
  addressOf(service: string): string;
  /** A token of the node's own account. */
  nodeToken(scopes: readonly string[] | undefined): { readonly token: string; readonly lifetime: number };
  /** An ID token of it. */
  nodeIdentityToken(audience: string, includeEmail: boolean): Promise<string>;
}
