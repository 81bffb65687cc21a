import { randomInt } from 'node:crypto';

/** Who wrote a service or job last, as Cloud Run shows it. */
export interface Writer {
  readonly lastModifier?: string;
  readonly client?: string;
  readonly clientVersion?: string;
}

const LETTERS = 'bcdfghjklmnpqrstvwxz';
const CLIENT = 'gangway';

/** Random letters that make no word. */
export function letters(count: number): string {
  return Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

const { GITHUB_RUN_ID: id = 'local', GITHUB_RUN_ATTEMPT: attempt = '1' } = process.env;
const RUN = `${id}.${attempt}-${letters(8)}`;
let writes = 0;

/**
 * What a single write is known by afterwards: no other write of this run or another has the same. Cloud Run keeps the
 * two fields with the resource and does nothing with them.
 */
export function newMark(): Required<Pick<Writer, 'client' | 'clientVersion'>> {
  return { client: CLIENT, clientVersion: `${RUN}.${++writes}` };
}

/** Whether a write of this run was the last. */
export function isOwn({ client, clientVersion = '' }: Writer): boolean {
  return client === CLIENT && clientVersion.startsWith(`${RUN}.`);
}

/** Names who wrote last: the account, and the GitHub run where it was one. */
export function whoWrote({ lastModifier, client, clientVersion }: Writer): string {
  const run = client === CLIENT ? /^(\d+)\.\d+-/.exec(clientVersion ?? '')?.[1] : undefined;
  const by = run ? `GitHub run ${run}` : client;
  return `${lastModifier || 'somebody'}${by ? ` (${by})` : ''}`;
}
