import { setTimeout as sleep } from 'node:timers/promises';
import { cancellation } from '@gangway/action';
import { type GoogleCloud, GoogleError } from '@gangway/google-cloud';
import { fields, list, object, text } from '@gangway/http';

interface Entry {
  readonly textPayload?: string;
  readonly jsonPayload?: Readonly<Record<string, unknown>>;
}

const ENTRIES = fields<{ entries?: readonly Entry[] }>({
  entries: list(fields<Entry>({ textPayload: text, jsonPayload: object })),
});
const LINES = 20;
/** Characters of an entry that are shown; one may have 256 kB. */
const LONGEST = 1000;
/** Entries take a moment to arrive. */
const TRIES = 4;

/**
 * The last lines that something wrote to Cloud Logging, oldest first, as a paragraph to end an error with. It never
 * fails: a sentence says why there are none.
 *
 * @param filter in the Logging query language (https://cloud.google.com/logging/docs/view/logging-query-language)
 */
export async function lastLogLines(
  cloud: GoogleCloud,
  projectId: string,
  filter: readonly string[],
): Promise<string> {
  try {
    for (let tries = 1; ; tries++) {
      const { entries = [] } = await cloud.request({
        service: 'logging',
        method: 'POST',
        path: 'v2/entries:list',
        body: {
          resourceNames: [`projects/${projectId}`],
          filter: filter.join(' AND '),
          orderBy: 'timestamp desc',
          pageSize: LINES,
        },
        answer: ENTRIES,
      });
      if (entries.length > 0) return `Its last log lines:\n${[...entries].reverse().map(textOf).join('\n')}`;
      if (tries === TRIES) return 'It wrote nothing to its log.';
      await sleep(500 * tries, undefined, { signal: cancellation });
    }
  } catch (error) {
    cancellation.throwIfAborted();
    if (error instanceof GoogleError && error.reason !== 'SERVICE_DISABLED' && error.httpStatus === 403)
      return 'Its log lines are not shown: the account that deploys lacks roles/logging.viewer.';
    return `Its log lines can't be read: ${error instanceof Error ? error.message : error}`;
  }
}

function textOf({ textPayload, jsonPayload }: Entry): string {
  const { message } = jsonPayload ?? {};
  const text = textPayload ?? (typeof message === 'string' ? message : JSON.stringify(jsonPayload ?? {}));
  return `  ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text.trimEnd()}`;
}
