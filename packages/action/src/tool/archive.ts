import { promisify } from 'node:util';
import { gunzip, inflateRaw } from 'node:zlib';

/** The most bytes that an unpacked archive, and a file in one, may have. */
const LIMIT = 512 * 1024 * 1024;
const BLOCK = 512;

/**
 * One file of a `.tar.gz`, whose directory is not unpacked: nothing of it can be written anywhere.
 *
 * @param name at the top of the archive
 * @returns undefined when there is no such regular file
 * @throws Error when the archive is damaged, or is larger than 512 MiB unpacked
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 (ustar)
 */
export async function fileInTarGz(archive: Buffer, name: string): Promise<Buffer | undefined> {
  const tar = await promisify(gunzip)(archive, { maxOutputLength: LIMIT });
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = Number.parseInt(textOf(header.subarray(124, 136)).trim() || '0', 8);
    const start = at + BLOCK;
    if (!(size >= 0) || start + size > tar.length)
      throw new Error('it is not a tar archive, or it is truncated');
    const regular = header[156] === 0 || header[156] === 0x30;
    if (regular && textOf(header.subarray(0, 100)).replace(/^\.\//, '') === name)
      return tar.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

/**
 * One file of a `.zip`.
 *
 * @param name at the top of the archive
 * @returns undefined when there is no such file
 * @throws Error when the archive is damaged, or the file is larger than 512 MiB
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function fileInZip(archive: Buffer, name: string): Promise<Buffer | undefined> {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > archive.length) throw new Error('it is not a zip archive, or it is truncated');
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    // Reading past the end throws, too.
    if (archive.readUInt32LE(at) !== 0x02014b50) throw new Error('its directory is damaged');
    const method = archive.readUInt16LE(at + 10);
    const packed = archive.readUInt32LE(at + 20);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((of) => archive.readUInt16LE(at + of));
    const local = archive.readUInt32LE(at + 42);
    const names = at + 46 + (nameLength ?? 0);
    if (archive.toString('utf8', at + 46, names) === name) {
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const content = archive.subarray(start, start + packed);
      if (method === 0) return content;
      if (method === 8) return promisify(inflateRaw)(content, { maxOutputLength: LIMIT });
      throw new Error(`${name} is packed by a method that is not known here: ${method}`);
    }
    at = names + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return undefined;
}

/** A field of a header, which ends at its first NUL. */
function textOf(field: Buffer): string {
  return field.toString('utf8').split('\0', 1)[0] ?? '';
}
