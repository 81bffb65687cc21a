import { randomUUID } from 'node:crypto';
import { type GoogleCloud, isGoogleError } from '@gangway/google-cloud';
import type { Reader } from '@gangway/http';
import { OPERATION, waitForCompute } from './operation.ts';

/** A change, and how it is waited for. */
export interface Write {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** Below the project, e.g. `zones/us-central1-a/instances`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What is done, for messages: `creating the instance app`. */
  readonly what: string;
  /** Milliseconds that its operation may take. */
  readonly timeout: number;
}

interface FindOptions {
  /** Another project than the step's. */
  readonly project?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Calls to Compute Engine about one project. */
export interface Compute {
  readonly projectId: string;
  /** What is at a path below the project, or below another one's; undefined when it isn't there. */
  find<T>(path: string, answer: Reader<T>, options?: FindOptions): Promise<T | undefined>;
  /** A request that changes nothing. @throws GoogleError */
  read<T>(
    path: string,
    answer: Reader<T>,
    options?: { readonly method?: 'GET' | 'POST'; readonly query?: Readonly<Record<string, string>> },
  ): Promise<T>;
  /**
   * Changes something and waits until that is done. A repeat after a lost answer carries the id of the first request, by which
   * Compute Engine does it once.
   *
   * @throws GoogleError when it is refused; ActionError `compute-operation` that says what to do when its operation fails
   * @see https://cloud.google.com/compute/docs/reference/rest/v1/instances/insert (requestId)
   */
  write(write: Write): Promise<void>;
}

export function computeEngine(cloud: GoogleCloud, projectId: string, signal?: AbortSignal): Compute {
  const at = (path: string, project = projectId) => `projects/${project}/${path}`;
  const shared = { service: 'compute' } as const;
  return {
    projectId,
    async find(path, answer, { project, query = {} } = {}) {
      try {
        return await cloud.request({ ...shared, method: 'GET', path: at(path, project), query, answer });
      } catch (error) {
        if (isGoogleError(error, 404)) return undefined;
        throw error;
      }
    },
    read: (path, answer, { method = 'GET', query = {} } = {}) =>
      cloud.request({ ...shared, method, path: at(path), query, answer }),
    async write({ method, path, query = {}, body, what, timeout }) {
      const started = await cloud.request({
        ...shared,
        method,
        path: at(path),
        query: { ...query, requestId: randomUUID() },
        ...(body !== undefined && { body }),
        answer: OPERATION,
      });
      const scope = /^(global|(?:zones|regions)\/[^/]+)\//.exec(path)?.[1] ?? 'global';
      const poll = () =>
        cloud.request({
          ...shared,
          method: 'GET',
          path: at(`${scope}/operations/${started.name}`),
          answer: OPERATION,
        });
      await waitForCompute(started, poll, what, { timeout, signal });
    },
  };
}
