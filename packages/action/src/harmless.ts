/**
 * A text of somebody else's as it may be printed: a line that the runner would take for a workflow command gets a mark in front. A
 * build or an application that prints one must not set outputs, stop masking or annotate in the step's name
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
 */
export function harmless(text: string): string {
  return text.replace(/^(?=[^\S\r\n]*(?:::|##\[))/gm, '| ');
}

/** Characters of a line: one that does not end is broken, and what follows begins a line of its own. */
const LONGEST = 256 * 1024;

/** Prints what a program writes, line by line, as each is whole; what is left comes with `end`. */
export function linePrinter(print: (text: string) => void): { add(text: string): void; end(): void } {
  let rest = '';
  return {
    add(text) {
      rest += text;
      const whole = rest.lastIndexOf('\n') + 1;
      if (whole > 0) print(harmless(rest.slice(0, whole)));
      rest = rest.slice(whole);
      if (rest.length > LONGEST) {
        print(`${harmless(rest)}\n`);
        rest = '';
      }
    },
    end() {
      if (rest !== '') print(harmless(rest));
      rest = '';
    },
  };
}
