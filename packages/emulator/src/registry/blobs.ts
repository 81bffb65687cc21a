import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { RegistryError } from '../oci/index.ts';

/** Bytes that a blob may have, so that one push can't fill a disk; Artifact Registry's own limit is beyond any laptop's. */
const LIMIT = 16 * 1024 ** 3;

/** Content by digest, in files: a layer is never held in memory. */
export class BlobStore {
  readonly #directory: string;
  readonly #limit: number;
  readonly #sizes = new Map<string, number>();
  readonly #uploads = new Map<string, Upload>();

  readonly #isKept: boolean;

  private constructor(directory: string, isKept: boolean, limit: number) {
    this.#directory = directory;
    this.#isKept = isKept;
    this.#limit = limit;
  }

  /**
   * @param limit bytes that a blob may have
   * @param kept a directory whose blobs are there again, and stay; default: a temporary one
   */
  static async create(limit = LIMIT, kept?: string): Promise<BlobStore> {
    if (kept === undefined)
      return new BlobStore(await mkdtemp(join(tmpdir(), 'gangway-blobs-')), false, limit);
    const store = new BlobStore(kept, true, limit);
    await mkdir(kept, { recursive: true, mode: 0o700 });
    for (const name of await readdir(kept)) {
      const path = join(kept, name);
      // Nobody goes on with an upload of an earlier process.
      if (!/^sha256-[0-9a-f]{64}$/.test(name)) await rm(path, { force: true });
      else store.#sizes.set(name.replace('-', ':'), (await stat(path)).size);
    }
    return store;
  }

  /** Bytes of a blob; undefined when it is not there. */
  size(digest: string): number | undefined {
    return this.#sizes.get(digest);
  }

  /** Reads a blob, or the bytes `start` to `end` of it, both included. */
  read(digest: string, range: { start?: number; end?: number } = {}): Readable {
    return createReadStream(this.#path(digest), range);
  }

  /** Begins an upload into a scope; only who may write to the scope may go on with it. */
  async begin(scope: string): Promise<Upload> {
    const id = randomUUID();
    const path = join(this.#directory, `upload-${id}`);
    const upload = new Upload(id, scope, path, await open(path, 'w', 0o600), this.#limit);
    this.#uploads.set(id, upload);
    return upload;
  }

  /** @throws RegistryError BLOB_UPLOAD_UNKNOWN */
  upload(id: string, scope: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.scope !== scope)
      throw new RegistryError('BLOB_UPLOAD_UNKNOWN', `blob upload unknown to registry: ${id}`);
    return upload;
  }

  /**
   * Ends an upload: its content becomes the blob of that digest.
   * @throws RegistryError DIGEST_INVALID when the content has another digest; the upload is then gone
   */
  async commit(upload: Upload, digest: string): Promise<void> {
    this.#uploads.delete(upload.id);
    const actual = await upload.finish();
    if (actual !== digest) {
      await rm(upload.path, { force: true });
      throw new RegistryError(
        'DIGEST_INVALID',
        `provided digest did not match uploaded content: expected ${digest}, got ${actual}`,
      );
    }
    await rename(upload.path, this.#path(digest));
    this.#sizes.set(digest, (await stat(this.#path(digest))).size);
  }

  /** Throws an upload away. */
  async cancel(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.id);
    await upload.finish();
    await rm(upload.path, { force: true });
  }

  /** Removes what is not kept. */
  async close(): Promise<void> {
    await Promise.all([...this.#uploads.values()].map((upload) => this.cancel(upload)));
    if (!this.#isKept) await rm(this.#directory, { recursive: true, force: true });
  }

  #path(digest: string): string {
    return join(this.#directory, digest.replace(':', '-'));
  }
}

/** One blob on its way in. */
export class Upload {
  readonly id: string;
  readonly scope: string;
  readonly path: string;
  readonly #file: FileHandle;
  readonly #limit: number;
  readonly #hash: Hash = createHash('sha256');
  #offset = 0;
  #busy = false;

  constructor(id: string, scope: string, path: string, file: FileHandle, limit: number) {
    this.id = id;
    this.scope = scope;
    this.path = path;
    this.#file = file;
    this.#limit = limit;
  }

  /** Bytes received so far. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Appends a chunk. What arrived before a connection broke counts, as `offset` says.
   *
   * @param announced how many bytes it says it has
   * @throws RegistryError BLOB_UPLOAD_INVALID while another chunk is still arriving, SIZE_INVALID past the limit
   */
  async append(chunk: Readable, announced = 0): Promise<void> {
    this.#checkSize(this.#offset + announced);
    if (this.#busy)
      throw new RegistryError('BLOB_UPLOAD_INVALID', 'another chunk of this upload is still being received');
    this.#busy = true;
    try {
      // What is turned away in the middle is still answered.
      for await (const bytes of chunk.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        this.#checkSize(this.#offset + bytes.length);
        await this.#file.writeFile(bytes);
        this.#hash.update(bytes);
        this.#offset += bytes.length;
      }
    } finally {
      this.#busy = false;
    }
  }

  #checkSize(bytes: number): void {
    if (bytes > this.#limit)
      throw new RegistryError('SIZE_INVALID', `blob is larger than ${this.#limit} bytes`);
  }

  /** Closes the file and returns the digest of what was received. */
  async finish(): Promise<string> {
    await this.#file.close();
    return `sha256:${this.#hash.digest('hex')}`;
  }
}
