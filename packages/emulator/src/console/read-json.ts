import type { IncomingMessage } from 'node:http';

/** Bytes of what the page may send. */
const LIMIT = 1024 * 1024;

/** The JSON object that a page sends. @throws Error for what is too long or is none */
export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LIMIT) throw new Error(`The request has more than ${LIMIT} bytes.`);
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('The request is not a JSON object.');
  return value as Readonly<Record<string, unknown>>;
}
