/** What a client asks its name server for (RFC 1035, section 4). */
export interface Question {
  /** In lower case, without a dot at the end. */
  readonly name: string;
  /** e.g. 1 for A. */
  readonly type: number;
  readonly id: number;
  /** Whether the client would have the server ask others. */
  readonly recursion: boolean;
  /** The question as it was sent. */
  readonly bytes: Buffer;
}

export const A = 1;
export const NO_ERROR = 0;
export const NO_SUCH_NAME = 3;
const [RESPONSE, AUTHORITATIVE, RECURSION] = [0x8000, 0x0400, 0x0100];
const HEADER = 12;
/** Seconds that an answer may be kept. */
const LIFETIME = 1;
/** Answers that surely fit into the 512 bytes of a packet, beside the longest question. */
const MOST = 14;

/** Reads a query of one question; undefined for what is none. */
export function readQuestion(message: Buffer): Question | undefined {
  if (message.length < HEADER + 5) return undefined;
  const flags = message.readUInt16BE(2);
  // A standard query, and no answer to one.
  if ((flags & 0xf800) !== 0 || message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(message.toString('latin1', at, at + length));
    at += length;
  }
  if (at + 4 > message.length) return undefined;
  return {
    name: labels.join('.').toLowerCase(),
    type: message.readUInt16BE(at),
    id: message.readUInt16BE(0),
    recursion: (flags & RECURSION) !== 0,
    bytes: message.subarray(HEADER, at + 4),
  };
}

/** @param addresses of IPv4, in an answer to a question for A */
export function writeAnswer(question: Question, code: number, addresses: readonly string[]): Buffer {
  const header = Buffer.alloc(HEADER);
  const shown = addresses.slice(0, MOST);
  header.writeUInt16BE(question.id, 0);
  header.writeUInt16BE(RESPONSE | AUTHORITATIVE | (question.recursion ? RECURSION | 0x80 : 0) | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(shown.length, 6);
  const records = shown.map((address) => {
    const record = Buffer.alloc(16);
    // The name is that of the question.
    record.writeUInt16BE(0xc000 | HEADER, 0);
    record.writeUInt16BE(A, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(LIFETIME, 6);
    record.writeUInt16BE(4, 10);
    for (const [index, part] of address.split('.').entries()) record[12 + index] = Number(part);
    return record;
  });
  return Buffer.concat([header, question.bytes, ...records]);
}
