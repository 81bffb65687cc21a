import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { PathFilter } from '@gangway/dockerfile';
import { type ContextEntry, walkContext } from './context-entries.ts';

/** Files up to this size are read whole, some at a time. */
const SMALL = 1024 * 1024;
const AT_ONCE = 16;

/** Git's own files differ from clone to clone and from commit to commit, with the same sources. */
const GIT: ReadonlySet<string> = new Set(['.git']);

/**
 * A digest of what a builder is sent of a build context: names in the bytes of the file system, contents, what links
 * point to, and whether a file may be executed. That bit decides what an image does, and git keeps it; the rest of a
 * mode comes from the umask of who cloned, times and owners from when and by whom, so none of these count.
 *
 * @param root of the context
 * @returns 64 hexadecimal digits
 * @throws Error of the file system, for what can't be read
 */
export async function digestContext(root: string, filter: PathFilter): Promise<string> {
  const hash = createHash('sha256');
  let batch: ContextEntry[] = [];
  for await (const entry of walkContext(root, filter, GIT)) {
    batch.push(entry);
    if (batch.length < AT_ONCE) continue;
    await add(hash, root, batch);
    batch = [];
  }
  await add(hash, root, batch);
  return hash.digest('hex');
}

async function add(hash: Hash, root: string, entries: readonly ContextEntry[]): Promise<void> {
  const contents = await Promise.all(entries.map((entry) => contentOf(root, entry)));
  for (const [index, { path, kind, executable }] of entries.entries()) {
    // Lengths go before what they measure, so that no two trees run into the same bytes.
    field(hash, Buffer.from(kind === 'file' && executable ? 'executable' : kind));
    field(hash, path);
    field(hash, contents[index] ?? Buffer.alloc(0));
  }
}

function field(hash: Hash, bytes: Buffer): void {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  hash.update(length).update(bytes);
}

async function contentOf(root: string, { path, kind, size, target }: ContextEntry): Promise<Buffer> {
  if (kind === 'link') return target ?? Buffer.alloc(0);
  if (kind !== 'file') return Buffer.alloc(0);
  const full = Buffer.concat([Buffer.from(`${root}/`), path]);
  const hash = createHash('sha256');
  if (size <= SMALL) hash.update(await readFile(full));
  else await pipeline(createReadStream(full), hash);
  return hash.digest();
}
