import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** What a container without a terminal wrote: one line, or a piece of one that came alone. */
export interface Output {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/**
 * The output in an answer of the engine, piece by piece
 * (https://docs.docker.com/reference/api/engine/#tag/Container/operation/ContainerAttach, "Stream format").
 */
export async function* framesOf(answer: Readable): AsyncGenerator<Output> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 8) {
      const end = 8 + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield { stream: rest[0] === 2 ? 'stderr' : 'stdout', bytes: rest.subarray(8, end) };
      rest = rest.subarray(end);
    }
  }
}

/** Characters after which a line that does not end is taken for one. */
const LONGEST_LINE = 64 * 1024;

/** Whole lines of that output; what has no end of line yet comes last. */
export async function* linesOf(answer: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const { bytes } of framesOf(answer)) {
    const lines = (rest + decoder.write(bytes)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length < LONGEST_LINE) continue;
    yield rest;
    rest = '';
  }
  if (rest !== '') yield rest;
}
