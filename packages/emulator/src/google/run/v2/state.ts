import { randomBytes, randomUUID } from 'node:crypto';
import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import type { Condition, Revision, Service } from './types.ts';

export interface StoredService {
  resource: Service;
  /** By full resource name, oldest first. */
  readonly revisions: Map<string, Revision>;
  /** The end of the changes that are under way: they are carried out one after the other. */
  queue: Promise<void>;
}

/** The services of Cloud Run and their revisions. */
export class RunState {
  readonly #services = new Map<string, StoredService>();

  /** Finds a service by its full resource name. */
  find(name: string): StoredService | undefined {
    return this.#services.get(name);
  }

  /** The services whose resource names begin so, by name. */
  list(prefix: string): StoredService[] {
    const found = [...this.#services.values()].filter(({ resource }) => resource.name.startsWith(prefix));
    return found.sort((a, b) => (a.resource.name < b.resource.name ? -1 : 1));
  }

  add(resource: Service): StoredService {
    const stored = { resource, revisions: new Map<string, Revision>(), queue: Promise.resolve() };
    this.#services.set(resource.name, stored);
    return stored;
  }

  remove(name: string): void {
    this.#services.delete(name);
  }
}

export function etag(): string {
  return `"${randomBytes(12).toString('base64url')}"`;
}

/** @throws ApiError ABORTED when a request is for another version of a resource than there is */
export function requireFresh(
  current: { readonly etag: string },
  asked: string | undefined,
  id: string,
): void {
  if (!asked || asked === current.etag) return;
  throw new ApiError(
    'ABORTED',
    `Conflict for resource '${id}': version '${asked}' was specified but current version is '${current.etag}'.`,
  );
}

export function uid(): string {
  return randomUUID();
}

/** A condition as it is from now on. */
export function condition(
  type: string,
  state: Condition['state'],
  now: number,
  more: Partial<Pick<Condition, 'message' | 'reason' | 'revisionReason' | 'executionReason'>> = {},
): Condition {
  return { type, state, ...more, lastTransitionTime: timestamp(now) };
}
