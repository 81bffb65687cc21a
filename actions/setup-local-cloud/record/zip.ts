import { gzipSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer;
}

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
/** Version 2.0: deflated. */
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATED = 8;
/** The first of January 1980, midnight: the oldest date there is. */
const [DATE, TIME] = [0x0021, 0];

/**
 * A zip file of a few files of less than 4 GB, each deflated.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const { body, crc } = deflate(data);
    const path = Buffer.from(name);
    const common = [
      ...[two(VERSION), two(FLAGS), two(DEFLATED), two(TIME), two(DATE)],
      ...[four(crc), four(body.length), four(data.length), two(path.length), two(0)],
    ];
    const local = Buffer.concat([four(LOCAL), ...common, path, body]);
    central.push(
      Buffer.concat([
        ...[four(CENTRAL), two(VERSION), ...common, two(0), two(0), two(0), four(0), four(offset), path],
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const count = two(entries.length);
  return Buffer.concat([
    ...parts,
    directory,
    ...[four(END), two(0), two(0), count, count, four(directory.length), four(offset), two(0)],
  ]);
}

/** gzip's own frame holds both: ten bytes before what is deflated, and after it the checksum and the length (RFC 1952). */
function deflate(data: Buffer): { readonly body: Buffer; readonly crc: number } {
  const framed = gzipSync(data);
  return { body: framed.subarray(10, -8), crc: framed.readUInt32LE(framed.length - 8) };
}

function two(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function four(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
