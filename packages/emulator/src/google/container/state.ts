import { createHash, randomBytes } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import type { Principal } from '../../kernel/principal.ts';
import { serveMetadata } from './workload-identity/server.ts';

/** A cluster that runs, as whoever started it says. */
export interface RunningCluster {
  /** e.g. `main` */
  readonly name: string;
  /** Region or zone. */
  readonly location: string;
  /** Where its API server answers by https: an address of loopback, with a port unless it is 443. */
  readonly endpoint: string;
  /** The authority that its certificate is checked by, PEM. */
  readonly certificate: string;
  /** Of Kubernetes, e.g. `1.34.4`. */
  readonly version: string;
  readonly nodes: number;
  /** Whether it is in the project's fleet, so that the Connect gateway leads to it; default false. */
  readonly fleet?: boolean;
  /** Who issues the tokens of its Kubernetes service accounts; undefined for a cluster without Workload Identity. */
  readonly identity?: {
    readonly issuer: string;
    /** By what they are verified. */
    keys(): Promise<JSONWebKeySet>;
  };
}

/** The clusters of the project. The API servers are not the local cloud's: who starts one attaches it. */
export class ClustersState {
  /** What API servers must show who ask who a token stands for. */
  readonly webhookToken = randomBytes(24).toString('hex');
  /** Who has called an API server so far, by the name that it knows them by. */
  readonly callers = new Map<string, Principal>();
  /** Answers for the metadata server of a cluster. */
  readonly serveMetadata = serveMetadata;
  readonly #clusters = new Map<string, Attached>();

  /** Makes a cluster known. @param now milliseconds since the epoch */
  attach(cluster: RunningCluster, now: number): void {
    this.#clusters.set(`${cluster.location}/${cluster.name}`, { ...cluster, createTime: now });
  }

  detach({ location, name }: Pick<RunningCluster, 'location' | 'name'>): void {
    this.#clusters.delete(`${location}/${name}`);
  }

  /** The public keys of the cluster that issues tokens by this name; undefined where there is none. */
  async keysOf(issuer: string): Promise<JSONWebKeySet | undefined> {
    return [...this.#clusters.values()].find(({ identity }) => identity?.issuer === issuer)?.identity?.keys();
  }

  find(location: string, name: string): Attached | undefined {
    return this.#clusters.get(`${location}/${name}`);
  }

  /** Those that are in the fleet. */
  members(): (Attached & { readonly membership: string; readonly uniqueId: string })[] {
    return this.in('-')
      .filter(({ fleet }) => fleet)
      .map((one) => ({ ...one, membership: membershipOf(one), uniqueId: uniqueIdOf(one) }));
  }

  /** @param location `-` stands for all */
  in(location: string): Attached[] {
    return [...this.#clusters.values()].filter((one) => location === '-' || one.location === location);
  }
}

export interface Attached extends RunningCluster {
  /** Milliseconds since the epoch. */
  readonly createTime: number;
}

/** The membership of a cluster of the fleet, below its project: in the region of the cluster, by the cluster's name. */
export function membershipOf({ location, name }: Pick<RunningCluster, 'location' | 'name'>): string {
  return `locations/${location.replace(/-[a-z]$/, '')}/memberships/${name}`;
}

/** As long as it is attached, a member has the same. */
function uniqueIdOf({ location, name, createTime }: Attached): string {
  const digits = createHash('sha256').update(`${location}/${name} ${createTime}`).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
