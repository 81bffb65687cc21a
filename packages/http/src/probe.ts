import { pageText } from './json.ts';
import { look } from './look.ts';

/** What a page answered, judged by what it was to answer. */
export interface Said {
  readonly ok: boolean;
  /** Whether it asks who one is, or refuses whoever one is. */
  readonly isPrivate: boolean;
  /** The status and the first words, or why there was no answer. */
  readonly said: string;
}

export interface Probe {
  readonly method?: string | undefined;
  /** What it must be answered with; undefined is any from 200 to 299. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Milliseconds. Default half a minute. */
  readonly timeout?: number;
}

/**
 * Asks a page once whether it answers as it should. No answer is one too.
 *
 * @throws what `signal` was aborted with
 */
export async function probe(
  url: string,
  { status: wanted, timeout = 30_000, ...request }: Probe,
): Promise<Said> {
  try {
    const { status, text: page } = await look(url, { ...request, timeout });
    const words = /^\s*</.test(page) ? pageText(page) : `"${page.replace(/\s+/g, ' ').trim().slice(0, 200)}"`;
    const said = `${status}${words === '""' ? '' : ` ${words}`}`;
    const ok = wanted === undefined ? status >= 200 && status <= 299 : status === wanted;
    return { ok, isPrivate: status === 401 || status === 403, said };
  } catch (error) {
    request.signal?.throwIfAborted();
    return { ok: false, isPrivate: false, said: error instanceof Error ? error.message : String(error) };
  }
}
