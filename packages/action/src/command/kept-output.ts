/** What is kept of a program's output. Lengths are in UTF-16 code units: no byte makes more than one. */
export interface KeptOutput {
  /** @returns false when it is more than may be kept, and the beginning must not be forgotten */
  add(text: string): boolean;
  /** All of it; or, where the beginning was forgotten, the last whole lines. */
  text(): string;
}

/** Small pieces are joined up to this length, so that a program that writes byte by byte costs no more than others. */
const PIECE = 64 * 1024;

/**
 * Keeps what a program prints, up to a limit.
 *
 * @param whole whether all of it is needed; else the end is kept, and the beginning forgotten
 */
export function keepOutput(limit: number, whole: boolean): KeptOutput {
  let pieces: string[] = [];
  let last = '';
  let length = 0;
  let forgotten = false;
  return {
    add(text) {
      last += text;
      length += text.length;
      if (length > limit && whole) return false;
      if (last.length >= PIECE) {
        pieces.push(last);
        last = '';
      }
      let dropped = 0;
      while (length - (pieces[dropped]?.length ?? Number.POSITIVE_INFINITY) >= limit) {
        length -= pieces[dropped]?.length ?? 0;
        dropped++;
      }
      if (dropped > 0) {
        pieces = pieces.slice(dropped);
        forgotten = true;
      }
      return true;
    },
    text() {
      const kept = pieces.join('') + last;
      if (!forgotten && kept.length <= limit) return kept;
      const end = kept.slice(-limit);
      // A line without its beginning could be taken for another.
      return end.slice(end.indexOf('\n') + 1);
    },
  };
}
