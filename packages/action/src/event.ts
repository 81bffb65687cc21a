import { existsSync } from 'node:fs';
import { LIMITS } from '@gangway/files';
import { ActionError } from './error.ts';
import { readTextFile } from './files/read-text-file.ts';

/**
 * The payload of the event that started the workflow, as GitHub's webhooks have it.
 *
 * @returns undefined where the runner gives none
 * @throws ActionError `event-invalid` for one that can't be read: tags, caches and apps of pull requests depend on it
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export function readEvent(): Readonly<Record<string, unknown>> | undefined {
  const { GITHUB_EVENT_PATH: path } = process.env;
  if (!path || !existsSync(path)) return undefined;
  const text = readTextFile(path, { variable: 'GITHUB_EVENT_PATH' }, { limit: LIMITS.event });
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    // Node's own message quotes it.
  }
  if (typeof event === 'object' && event !== null && !Array.isArray(event)) return { ...event };
  throw new ActionError(
    `The environment variable GITHUB_EVENT_PATH names ${path}, which is ${text.trim() === '' ? 'empty' : 'not a JSON object'}.`,
    {
      code: 'event-invalid',
      hint: "let no step change the file: the runner writes the event's payload to it before the job starts",
    },
  );
}
