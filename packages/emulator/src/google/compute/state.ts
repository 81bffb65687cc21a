import { randomBytes } from 'node:crypto';
import type { OperationRecord } from './operations/record.ts';

/** A resource as the API shows it. */
export interface Resource extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly creationTimestamp: string;
  readonly selfLink: string;
}

/** What the project has on Compute Engine. */
export class ComputeState {
  /** By path within the project, e.g. `zones/us-west1-a/instances/web`. */
  readonly resources = new Map<string, Resource>();
  /** By path within the project, e.g. `zones/us-west1-a/operations/operation-1`. */
  readonly operations = new Map<string, OperationRecord>();
  /** The operation that a `requestId` began, with what it was asked for. */
  readonly requests = new Map<string, { readonly operation: string; readonly asked: string }>();
  /** Paths of resources that an operation is changing. */
  readonly busy = new Set<string>();
  /** The metadata of the project, which each of its instances has as well. */
  commonMetadata: readonly MetadataItem[] = [];

  newId(): string {
    return String(randomBytes(8).readBigUInt64BE() >> 1n);
  }

  /** Those of a collection, e.g. `zones/us-west1-a/instances`, ordered by name. */
  list(collection: string): Resource[] {
    const direct = new RegExp(`^${collection.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/[^/]+$`);
    return this.#where((path) => direct.test(path));
  }

  /** Those of a collection wherever they are. @param collection e.g. `instances` */
  everywhere(collection: string): Resource[] {
    return this.#where((path) => path.split('/').at(-2) === collection);
  }

  #where(matches: (path: string) => boolean): Resource[] {
    return [...this.resources]
      .filter(([path]) => matches(path))
      .map(([, resource]) => resource)
      .sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));
  }
}

export interface MetadataItem {
  readonly key: string;
  readonly value?: string;
}
