import { type Content, Markdown, sourceOf } from './markdown.ts';

/** Room for the end of what was open where it was cut. */
const SPARE = 500;

/**
 * Markdown that is no longer than a limit: whole lines of it, with what they left open closed, and a note that the rest
 * is missing.
 *
 * @param limit UTF-8 bytes, of which no character has less than one
 */
export function fitted(markdown: Markdown, limit: number, note: Content): Markdown {
  const source = markdown.toString();
  if (Buffer.byteLength(source) <= limit) return markdown;
  const room = limit - SPARE - Buffer.byteLength(sourceOf(note));
  const kept: string[] = [];
  let bytes = 0;
  let fence = '';
  let folded = 0;
  for (const line of source.split('\n')) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > room) break;
    kept.push(line);
    if (fence !== '') fence = line === fence ? '' : fence;
    else {
      fence = /^`{3,}/.exec(line)?.[0] ?? '';
      folded += line.startsWith('<details>') ? 1 : line === '</details>' ? -1 : 0;
    }
  }
  const ends = [...(fence ? [fence] : []), ...Array.from({ length: folded }, () => '\n</details>')];
  return new Markdown([...kept, ...ends, '', sourceOf(note), ''].join('\n'));
}
