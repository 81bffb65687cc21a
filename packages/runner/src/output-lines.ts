import type { Readable } from 'node:stream';

/** Calls `onLine` with each line of a stream, as .NET's `ReadLine` splits them: at `\n`, `\r` or both, and nowhere else. */
export async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  // A \r at the end of a chunk may be half of a \r\n.
  let half = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const text = half + chunk;
    half = text.endsWith('\r') ? '\r' : '';
    const [first = '', ...more] = text.slice(0, text.length - half.length).split(/\r\n|\n|\r/);
    rest += first;
    for (const line of more) {
      onLine(rest);
      rest = line;
    }
  }
  if (rest !== '' || half !== '') onLine(rest);
}
