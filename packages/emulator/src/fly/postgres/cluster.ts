import { randomBytes } from 'node:crypto';
import type { Organization } from '../organization.ts';

/** A cluster of managed Postgres: its names only, no database answers. */
export interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly organization: Organization;
  readonly password: string;
  readonly databases: string[];
  /** Names of apps, and when each was attached. */
  readonly attached: Map<string, number>;
}

/** A new cluster with the database that each has from the start. */
export function newCluster(name: string, organization: Organization): Cluster {
  return {
    id: randomBytes(8).toString('hex'),
    name,
    organization,
    password: randomBytes(12).toString('base64url'),
    databases: ['fly-db'],
    attached: new Map(),
  };
}
