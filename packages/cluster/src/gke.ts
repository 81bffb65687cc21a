import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { type Cluster, startCluster } from './cluster.ts';
import type { ServeMetadata } from './network/metadata.ts';

/** A local Google Cloud, as far as a cluster needs it. */
export interface LocalCloud {
  /** e.g. `http://127.0.0.1:8080` */
  readonly origin: string;
  readonly project: { readonly id: string; readonly number: string };
  readonly clock: { now(): number };
  readonly contracts: {
    readonly idTokens: { sign(email: string, audience: string, includeEmail: boolean): Promise<string> };
  };
  readonly tokens: {
    issue(principal: Principal, lifetime: number, scopes?: readonly string[]): { readonly token: string };
  };
  readonly clusters: {
    /** What the API server shows when it asks whom a token stands for. */
    readonly webhookToken: string;
    attach(cluster: Attachment, now: number): void;
    serveMetadata(...request: [...Parameters<ServeMetadata>, MetadataSite]): Promise<void>;
    detach(cluster: Pick<Attachment, 'name' | 'location'>): void;
  };
  addressOf(service: string): string;
}

/** Where a metadata server is. */
interface MetadataSite {
  readonly cluster: string;
  readonly project: LocalCloud['project'];
  addressOf(service: string): string;
  nodeToken(scopes: readonly string[] | undefined): { readonly token: string; readonly lifetime: number };
  nodeIdentityToken(audience: string, includeEmail: boolean): Promise<string>;
}

interface Principal {
  readonly member: string;
  readonly memberOf: readonly string[];
  readonly email: string;
}

interface Attachment {
  readonly name: string;
  readonly location: string;
  readonly endpoint: string;
  readonly certificate: string;
  readonly version: string;
  readonly nodes: number;
  readonly fleet: boolean;
  readonly identity: { readonly issuer: string; keys(): Promise<Keys> };
}

/** A JWKS (RFC 7517). */
interface Keys {
  keys: { kty: string }[];
}

export interface GkeOptions {
  /** A Debian with containerd and runc, whose files are left as they are. */
  readonly root: string;
  /** For all that it writes, made here and removed when it stops. */
  readonly directory: string;
  /** Docker archives of images that need not be pulled. */
  readonly images?: readonly string[];
  readonly name: string;
  /** Region or zone. */
  readonly location: string;
}

/** What is built of Kubernetes; see the Go tools of packages/engine. */
const VERSION = '1.34.4';
/** Hosts of Artifact Registry that a node pulls from beside that of its own region. */
const WIDE = ['us', 'europe', 'asia'];
/** Seconds: a node that runs for longer can't pull any more. */
const TOKEN_LIFETIME = 12 * 3600;
/** Seconds, of a token that a program on the node asks for. */
const HOUR = 3600;

/**
 * Starts a cluster of one node that belongs to a local Google Cloud: its API server takes the tokens of that, and asks its IAM beside
 * RBAC; its node pulls from that's Artifact Registry, as the default account of Compute Engine; its pods have a metadata server that tells
 * them who they are there. The cloud tells of the cluster from then on.
 *
 * @throws Error with the end of a log when a part does not start
 */
export async function startGkeCluster(cloud: LocalCloud, options: GkeOptions): Promise<Cluster> {
  const { root, directory, images = [], name, location } = options;
  await mkdir(directory, { recursive: true });
  const webhooks = cloud.addressOf('clusters.gangway.local');
  const email = `${cloud.project.number}-compute@developer.gserviceaccount.com`;
  const node = { member: `serviceAccount:${email}`, memberOf: ['allAuthenticatedUsers'], email };
  const region = location.replace(/-[a-z]$/, '');
  const issuer = `https://container.googleapis.com/v1/projects/${cloud.project.id}/locations/${location}/clusters/${name}`;
  const site: MetadataSite = {
    cluster: issuer,
    project: cloud.project,
    addressOf: (service) => cloud.addressOf(service),
    nodeToken: (scopes) => ({ token: cloud.tokens.issue(node, HOUR, scopes).token, lifetime: HOUR }),
    nodeIdentityToken: (audience, includeEmail) =>
      cloud.contracts.idTokens.sign(email, audience, includeEmail),
  };
  const cluster = await startCluster({
    ...{ root, directory, images },
    // An address of its own, as a cluster has: clients put no port after it.
    ...{ address: `127.${randomInt(1, 255)}.${randomInt(0, 255)}.${randomInt(2, 255)}`, port: 443 },
    webhooks: {
      authenticate: `${webhooks}/authenticate`,
      authorize: `${webhooks}/authorize`,
      token: cloud.clusters.webhookToken,
    },
    network: {
      cloudPort: Number(new URL(cloud.origin).port),
      issuer,
      metadata: (...request) => cloud.clusters.serveMetadata(...request, site),
    },
    registry: {
      origin: undefined,
      hosts: [region, ...WIDE].map((one) => `${one}-docker.pkg.dev`),
      username: 'oauth2accesstoken',
      password: cloud.tokens.issue(node, TOKEN_LIFETIME).token,
    },
  });
  const { hostname: endpoint } = new URL(cluster.server);
  const { certificate } = cluster;
  cloud.clusters.attach(
    {
      ...{ name, location, endpoint, certificate, version: VERSION, nodes: 1, fleet: true },
      identity: { issuer, keys: () => cluster.api('GET', '/openid/v1/jwks') as Promise<Keys> },
    },
    cloud.clock.now(),
  );
  return {
    ...cluster,
    async [Symbol.asyncDispose]() {
      cloud.clusters.detach({ name, location });
      await cluster[Symbol.asyncDispose]();
    },
  };
}
