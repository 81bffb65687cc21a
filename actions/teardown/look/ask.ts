import { GoogleError, isGoogleError } from '@gangway/google-cloud';
import { type Reader, unexpected } from '@gangway/http';
import type { Asker } from './asker.ts';

type Place = Pick<Parameters<Asker['cloud']['request']>[0], 'service' | 'path' | 'query'>;

/** What is at a path; undefined when it isn't there, nor the API on in the project. */
export async function find<T>({ cloud }: Asker, place: Place, answer: Reader<T>): Promise<T | undefined> {
  try {
    return await cloud.request({ ...place, method: 'GET', answer });
  } catch (error) {
    if (isGoogleError(error, 404) || isOff(error)) return undefined;
    throw error;
  }
}

const LARGEST_PAGE = '1000';
/** Pages of a list at most. */
const MOST_PAGES = 20;

/** A page of a list. */
interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** Everything of a list; nothing where its parent isn't there, nor the API on in the project. */
export async function findAll<T>(asker: Asker, place: Place, answer: Reader<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let pageToken: string | undefined, pages = 1; ; pages++) {
    const query = { pageSize: LARGEST_PAGE, pageToken, ...place.query };
    const page: Page<T> | undefined = await find(asker, { ...place, query }, answer);
    all.push(...(page?.items ?? []));
    pageToken = page?.next;
    if (!pageToken) return all;
    if (pages === MOST_PAGES) throw unexpected(`GET ${place.path}`, `it has more than ${MOST_PAGES} pages`);
  }
}

function isOff(error: unknown): boolean {
  return error instanceof GoogleError && error.reason === 'SERVICE_DISABLED';
}
