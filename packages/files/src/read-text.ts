import { isUtf8 } from 'node:buffer';
import { FileError } from './error.ts';
import { readBytes } from './read-bytes.ts';

/**
 * Reads a regular file as UTF-8, without its byte order mark.
 *
 * @param limit in bytes
 * @param lenient takes bytes that are not UTF-8 for U+FFFD, as Docker's own readers do
 * @throws FileError
 */
export function readText(path: string, limit: number, { lenient = false } = {}): string {
  const bytes = readBytes(path, limit);
  const other = OTHER_ENCODINGS.find(([mark]) => bytes.subarray(0, mark.length).equals(mark));
  if (other && !lenient)
    throw new FileError('encoding', path, `it is ${other[1]}, not UTF-8`, { hint: 'save it as UTF-8' });
  try {
    return new TextDecoder('utf-8', { fatal: !lenient }).decode(bytes);
  } catch (cause) {
    throw new FileError('encoding', path, `it is not UTF-8 at line ${lineOfWrong(bytes)}`, {
      hint: 'save it as UTF-8',
      cause,
    });
  }
}

const OTHER_ENCODINGS: readonly (readonly [mark: Buffer, name: string])[] = [
  [Buffer.from([0xff, 0xfe, 0, 0]), 'UTF-32'],
  [Buffer.from([0, 0, 0xfe, 0xff]), 'UTF-32'],
  [Buffer.from([0xff, 0xfe]), 'UTF-16'],
  [Buffer.from([0xfe, 0xff]), 'UTF-16'],
];

/** The line, from 1, of the first byte that is not UTF-8: what decodes alone up to a line feed is right. */
function lineOfWrong(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; ; line++) {
    const end = bytes.indexOf(10, from);
    const text = bytes.subarray(from, end < 0 ? undefined : end);
    if (end < 0 || !isUtf8(text)) return line;
    from = end + 1;
  }
}
