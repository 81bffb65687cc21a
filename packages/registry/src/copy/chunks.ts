import type { Answer } from '@gangway/http';

/** A body in pieces of a size, all but the last exactly. */
export async function* chunksOf(response: Answer, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body) {
    for (let rest: Uint8Array = part; rest.length > 0; ) {
      const piece = rest.subarray(0, size - length);
      parts.push(piece);
      length += piece.length;
      rest = rest.subarray(piece.length);
      if (length < size) continue;
      yield new Uint8Array(Buffer.concat(parts));
      parts = [];
      length = 0;
    }
  }
  if (length > 0) yield new Uint8Array(Buffer.concat(parts));
}
