import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** The beginning of what is uploaded; the connection then breaks. */
export function cutAfter(request: IncomingMessage, bytes: number): Readable {
  const beginning = async function* () {
    let left = bytes;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      yield chunk.subarray(0, left);
      left -= chunk.length;
      if (left > 0) continue;
      request.socket.destroy();
      throw new Error('The connection was cut.');
    }
  };
  return Readable.from(beginning());
}
