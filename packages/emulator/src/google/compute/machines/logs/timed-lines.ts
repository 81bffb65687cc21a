import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { framesOf } from '../../../../docker/frames.ts';

/** A line of a container, and when it was written. */
export interface TimedLine {
  readonly stream: 'stdout' | 'stderr';
  /** RFC 3339 with nine digits of a second: of two, the smaller is the earlier. */
  readonly time: string;
  readonly text: string;
}

/**
 * The lines in an answer of the engine that has timestamps, as they come.
 *
 * @param isTerminal whether the container has a terminal, whose output is not framed and all of stdout
 * @see https://docs.docker.com/reference/api/engine/#tag/Container/operation/ContainerLogs
 */
export async function* timedLines(answer: Readable, isTerminal: boolean): AsyncGenerator<TimedLine> {
  const rest = { stdout: '', stderr: '' };
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  for await (const { stream, bytes } of isTerminal ? unframed(answer) : framesOf(answer)) {
    const lines = (rest[stream] + decoders[stream].write(bytes)).split('\n');
    rest[stream] = lines.pop() ?? '';
    for (const line of lines) yield timed(stream, line);
  }
  for (const stream of ['stdout', 'stderr'] as const)
    if (rest[stream] !== '') yield timed(stream, rest[stream]);
}

async function* unframed(answer: Readable): AsyncGenerator<{ stream: 'stdout'; bytes: Buffer }> {
  for await (const bytes of answer as AsyncIterable<Buffer>) yield { stream: 'stdout', bytes };
}

function timed(stream: TimedLine['stream'], line: string): TimedLine {
  const [, time = '', text = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
  return { stream, time, text: text.replace(/\r$/, '') };
}
