import { createHash } from 'node:crypto';
import { type ArchiveFile, tar } from '../src/docker/tar.ts';

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
export function buildImage(files: readonly ArchiveFile[], config: Record<string, unknown> = {}): TestImage {
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
