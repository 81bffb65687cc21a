/** Lines of an instruction that are kept: an error quotes twelve of them. */
const MOST = 200;
/** Characters of a line: progress without line feeds must not fill the memory. */
const LONGEST = 64 * 1024;

/** Adds a line to what an instruction printed, of which the last ones are kept. */
export function keepLine(output: string[], line: string): void {
  output.push(line);
  if (output.length >= MOST * 2) output.splice(0, output.length - MOST);
}

/** Parts what a builder prints into lines, as they are whole. */
export function lineSplitter(read: (line: string) => void): { add(text: string): void; end(): void } {
  let rest = '';
  return {
    add(text) {
      const lines = (rest + text).split(/\r?\n/);
      rest = (lines.pop() ?? '').slice(-LONGEST);
      for (const line of lines) read(line);
    },
    end() {
      read(rest);
      rest = '';
    },
  };
}
