/** A file of an archive. */
export interface ArchiveFile {
  /** Without a leading slash. */
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer | string;
}

/** A ustar archive (POSIX.1-2017, pax, "ustar Interchange Format"). */
export function tar(files: readonly ArchiveFile[]): Buffer {
  const entries = files.map(({ path, mode, content }) => {
    const bytes = Buffer.from(content);
    return Buffer.concat([
      header(path, mode, bytes.length),
      bytes,
      Buffer.alloc((512 - (bytes.length % 512)) % 512),
    ]);
  });
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

function header(path: string, mode: number, size: number): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  const [name, prefix] = split(path);
  block.write(name, 0);
  block.write(prefix, 345);
  block.write(octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12), 100);
  block.write('        0', 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A name of more than 100 bytes goes into two fields, cut at a slash. */
function split(path: string): readonly [name: string, prefix: string] {
  if (Buffer.byteLength(path) <= 100) return [path, ''];
  const cut = path.lastIndexOf('/', 155);
  return [path.slice(cut + 1), path.slice(0, Math.max(cut, 0))];
}
