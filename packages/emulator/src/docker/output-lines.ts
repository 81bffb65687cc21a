/** One line that a container wrote. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  /** RFC 3339 with nanoseconds. */
  readonly time: string;
  readonly text: string;
}

/**
 * Reads the output of a container without a terminal, as the engine frames it with its timestamps: a header of 8
 * bytes, the stream in the first and the length in the last four, before each piece
 * (https://docs.docker.com/reference/api/engine/#tag/Container/operation/ContainerAttach).
 */
export function outputLines(frames: Buffer): OutputLine[] {
  const lines: OutputLine[] = [];
  for (let at = 0; at + 8 <= frames.length; ) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    const stream = frames[at] === 2 ? 'stderr' : 'stdout';
    const [, time = '', text = ''] = /^(\S+) (.*)$/s.exec(frames.toString('utf8', at + 8, end)) ?? [];
    lines.push({ stream, time, text: text.replace(/\r?\n$/, '') });
    at = end;
  }
  return lines;
}
