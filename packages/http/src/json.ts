import { counted } from '@gangway/action/counted';
import type { Answer } from './answer.ts';
import { damaged, unexpected } from './failure.ts';
import { Misfit, type Reader } from './readers.ts';

/**
 * The body of an answer as JSON of a known form.
 *
 * @param reader checks it; an answer that does not fit is an error, never a value of another type
 * @throws RequestFailure `answer-damaged` for what is empty, cut off or no UTF-8; `answer-unexpected` for a web page, or JSON of
 *   another form
 */
export async function readJson<T>(answer: Answer, reader: Reader<T>): Promise<T> {
  if (answer.status === 204) return readValue({}, answer.what, reader);
  return parseJson(await answer.bytes(), answer.what, reader);
}

/** The same of bytes that were read already. */
export function parseJson<T>(bytes: Uint8Array, what: string, reader: Reader<T>): T {
  if (bytes.length === 0) throw damaged(what, 'it is empty');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    const text = Buffer.from(bytes).toString('utf8').trim();
    if (text.startsWith('<')) throw unexpected(what, `it is a web page, not JSON: ${pageText(text)}`);
    // The half of an answer could hold half of a secret, which the parser's own error would quote.
    throw damaged(what, `${counted(bytes.length, 'byte')} that are no whole JSON`);
  }
  return readValue(value, what, reader);
}

/** What a web page says: its first words, its title in front. */
export function pageText(html: string): string {
  const words = html.slice(0, PAGE).replace(/<(script|style)\b[\s\S]*?<\/\1>|<[^<>]*>/gi, ' ');
  return `"${words.replace(/\s+/g, ' ').trim().slice(0, 120)}"`;
}

/** Characters of a page that are looked at. */
const PAGE = 8192;

/** A value that came as JSON, checked. @throws RequestFailure `answer-unexpected` */
export function readValue<T>(value: unknown, what: string, reader: Reader<T>): T {
  try {
    return reader(value, '');
  } catch (error) {
    if (error instanceof Misfit) throw unexpected(what, error.message);
    throw error;
  }
}
