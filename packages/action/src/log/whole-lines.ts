/** UTF-16 code units of a line that are held until its end comes. */
const LONGEST = 1 << 20;
/** Where a longer line may be broken before that, so that no word is: it may be a secret, which is masked whole only. */
const LAST_WORD = 1 << 16;

/** Takes what a program writes, piece by piece, and gives it away in whole lines, without the last line's end. */
export interface WholeLines {
  add(text: string): void;
  /** Gives away what is left of a last line without an end. */
  end(): void;
}

/**
 * Collects lines, which `\n`, `\r\n` or a lone `\r` end, as for GitHub's runner. A line of more than 1 Mi characters is
 * broken into several.
 */
export function wholeLines(print: (lines: string) => void): WholeLines {
  let rest = '';
  // A \r at the end of a piece may be half of a \r\n.
  let half = '';
  return {
    add(piece) {
      const text = half + piece;
      half = text.endsWith('\r') ? '\r' : '';
      const lines = text.slice(0, text.length - half.length).replace(/\r\n?/g, '\n');
      const end = lines.lastIndexOf('\n');
      if (end >= 0) print(rest + lines.slice(0, end));
      rest = end >= 0 ? lines.slice(end + 1) : rest + lines;
      while (rest.length > LONGEST) {
        const at = breakOf(rest);
        print(rest.slice(0, at));
        rest = rest.slice(at);
      }
    },
    end() {
      if (rest !== '' || half !== '') print(rest);
      rest = '';
      half = '';
    },
  };
}

function breakOf(line: string): number {
  const word = line.slice(LONGEST - LAST_WORD, LONGEST).search(/\s\S*$/);
  return word < 0 ? LONGEST : LONGEST - LAST_WORD + word + 1;
}
