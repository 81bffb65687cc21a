/** A file of an archive. */
export interface ArchiveFile {
  /** Without a leading slash. */
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer | string;
  /** Where it leads, for a symbolic link; its content is nothing then. */
  readonly link?: string;
}

/** A ustar archive (POSIX.1-2017, pax, "ustar Interchange Format"). */
export function tar(files: readonly ArchiveFile[]): Buffer {
  const entries = files.map(({ path, mode, content, link }) => {
    const bytes = Buffer.from(link === undefined ? content : '');
    return Buffer.concat([
      header(path, mode, bytes.length, link),
      bytes,
      Buffer.alloc((512 - (bytes.length % 512)) % 512),
    ]);
  });
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

function header(path: string, mode: number, size: number, link: string | undefined): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  const [name, prefix] = split(path);
  block.write(name, 0);
  block.write(prefix, 345);
  block.write(octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12), 100);
  // A path that ends with a slash is a directory.
  block.write(`        ${link === undefined ? (path.endsWith('/') ? 5 : 0) : 2}`, 148);
  if (link !== undefined) block.write(link, 157, 100);
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
