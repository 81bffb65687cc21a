import type { Call, Reply } from '../kernel/http/call.ts';
import { RegistryError } from '../oci/index.ts';
import { enter } from './access.ts';
import type { Context } from './context.ts';

/** HEAD /v2/NAME/blobs/DIGEST. */
export function headBlob(call: Call, cloud: Context): Reply {
  const { digest, size } = blobOf(call, cloud);
  return { headers: headersOf(digest, size) };
}

/** GET /v2/NAME/blobs/DIGEST, whole or one range of bytes (RFC 9110, 14.2). */
export function getBlob(call: Call, cloud: Context): Reply {
  const { digest, size } = blobOf(call, cloud);
  const range = parseRange(call.headers.range, size);
  if (!range) return { headers: headersOf(digest, size), body: cloud.blobs.read(digest) };
  if (range.start > range.end) return { status: 416, headers: { 'content-range': `bytes */${size}` } };
  return {
    status: 206,
    headers: {
      ...headersOf(digest, range.end - range.start + 1),
      'content-range': `bytes ${range.start}-${range.end}/${size}`,
    },
    body: cloud.blobs.read(digest, range),
  };
}

/** DELETE /v2/NAME/blobs/DIGEST: nobody deletes a blob in Artifact Registry, which collects them itself. */
export function deleteBlob(call: Call, cloud: Context): Reply {
  enter(call, cloud, 'delete');
  throw new RegistryError('UNSUPPORTED', 'The operation is unsupported.');
}

function blobOf(call: Call, cloud: Context): { digest: string; size: number } {
  const target = enter(call, cloud, 'pull');
  const digest = call.params.digest ?? '';
  const size = target.images.blobs.has(digest) ? cloud.blobs.size(digest) : undefined;
  if (size === undefined) throw new RegistryError('BLOB_UNKNOWN', `blob unknown to registry: ${digest}`);
  return { digest, size };
}

function headersOf(digest: string, length: number): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    'content-length': String(length),
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    etag: `"${digest}"`,
  };
}

/** The one range of a `Range` header; undefined for none, and for what may be ignored. */
function parseRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (!first && !last) return undefined;
  if (!first) return { start: Math.max(0, size - Number(last)), end: size - 1 };
  return { start: Number(first), end: Math.min(last ? Number(last) : size - 1, size - 1) };
}
