/** A line that a program printed, with its colours, and seconds since its start. */
export interface CastLine {
  readonly at: number;
  readonly text: string;
}

/** Lines as asciinema's players read them (https://docs.asciinema.org/manual/asciicast/v2/). */
export function asciicast(lines: readonly CastLine[], columns: number, title: string): string {
  const header = { version: 2, width: columns, height: lines.length + 1, title };
  const events = lines.map(({ at, text }) => [Number(at.toFixed(3)), 'o', `${text}\r\n`]);
  return [header, ...events].map((one) => `${JSON.stringify(one)}\n`).join('');
}
