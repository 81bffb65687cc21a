import { fields, list, text } from '@gangway/http';
import { type Fly, isFlyError } from './client.ts';

interface LogPage {
  readonly data?: readonly {
    readonly attributes?: { readonly timestamp?: string; readonly message?: string };
  }[];
  readonly meta?: { readonly next_token?: string };
}

type Line = NonNullable<LogPage['data']>[number];

const PAGE = fields<LogPage>({
  data: list(
    fields<Line>({ attributes: fields<NonNullable<Line['attributes']>>({ timestamp: text, message: text }) }),
  ),
  meta: fields<NonNullable<LogPage['meta']>>({ next_token: text }),
});
/** Pages at most: a machine that logs more than this has said enough. */
const MOST = 100;
/** Characters of a line that are kept. */
const LONGEST = 4000;

/**
 * What a machine logged, oldest first, as Fly's log service has it.
 *
 * @returns undefined when the token may not read logs, as deploy tokens mayn't
 */
export async function readLogs(fly: Fly, app: string, machine: string): Promise<string[] | undefined> {
  const lines: string[] = [];
  let next: string | undefined;
  try {
    for (let page = 0; page < MOST; page++) {
      const query = new URLSearchParams({ instance: machine, ...(next && { next_token: next }) });
      const { data = [], meta } = await fly.request({
        method: 'GET',
        endpoint: 'api',
        path: `/api/v1/apps/${app}/logs?${query}`,
        answer: PAGE,
      });
      for (const { attributes } of data) lines.push((attributes?.message ?? '').slice(0, LONGEST));
      if (data.length === 0 || !meta?.next_token || meta.next_token === next) break;
      next = meta.next_token;
    }
    return lines;
  } catch (error) {
    if (isFlyError(error, 401, 403, 404)) return undefined;
    throw error;
  }
}
