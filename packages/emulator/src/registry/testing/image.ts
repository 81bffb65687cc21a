import { createHash } from 'node:crypto';

/** A file of an image's root. */
export interface ImageFile {
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer | string;
}

/** One piece of content by its digest, as the registry's API wants it. */
export interface Piece {
  readonly digest: string;
  readonly bytes: Buffer;
}

export interface TestImage {
  readonly manifest: Piece;
  readonly blobs: readonly Piece[];
}

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Builds an OCI image of one layer by hand (image-spec v1.1), which needs no engine and no network. */
export function buildImage(files: readonly ImageFile[], config: Record<string, unknown> = {}): TestImage {
  const layer = piece(tar(files));
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const described = piece(
    JSON.stringify({
      created: '2024-01-02T03:04:05Z',
      architecture,
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  const manifest = piece(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: described.digest,
        size: described.bytes.length,
      },
      layers: [
        {
          mediaType: 'application/vnd.oci.image.layer.v1.tar',
          digest: layer.digest,
          size: layer.bytes.length,
        },
      ],
    }),
  );
  return { manifest, blobs: [described, layer] };
}

export function piece(content: Buffer | string): Piece {
  const bytes = Buffer.from(content);
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

/** Pushes an image over the registry's API. `repository` is the URL up to and with the image's name. */
export async function pushImage(
  repository: string,
  token: string,
  { manifest, blobs }: TestImage,
  tag: string,
): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  for (const { digest, bytes } of blobs) {
    await created(
      fetch(`${repository}/blobs/uploads/?digest=${digest}`, {
        method: 'POST',
        headers,
        body: new Uint8Array(bytes),
      }),
    );
  }
  const typed = { ...headers, 'content-type': OCI_MANIFEST };
  await created(
    fetch(`${repository}/manifests/${tag}`, {
      method: 'PUT',
      headers: typed,
      body: new Uint8Array(manifest.bytes),
    }),
  );
}

async function created(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
}

/** A ustar archive (POSIX.1-2017, pax, "ustar Interchange Format"). */
function tar(files: readonly ImageFile[]): Buffer {
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
  block.write(path, 0);
  block.write(octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12), 100);
  block.write('        0', 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
