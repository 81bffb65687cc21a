import type { Call, Reply } from '../kernel/http/call.ts';
import { isDigest, RegistryError } from '../oci/index.ts';
import { bearerOf, enter, type Granted } from './access.ts';
import type { Upload } from './blobs.ts';
import type { Context } from './context.ts';
import { parseTarget, registryHost } from './target.ts';

/** POST /v2/NAME/blobs/uploads/: begins an upload, takes a whole blob (`digest`) or mounts one (`mount`, `from`). */
export async function startUpload(call: Call, cloud: Context): Promise<Reply> {
  const target = enter(call, cloud, 'push');
  const mount = call.query.get('mount');
  if (mount && mountable(call, cloud, mount, target)) {
    target.images.blobs.add(mount);
    return created(target, mount);
  }
  const upload = await cloud.blobs.begin(target.resource);
  const digest = call.query.get('digest');
  if (!digest) return accepted(target, upload, 202);
  await upload.append(call.stream, announced(call));
  return commit(cloud, target, upload, digest);
}

/** GET of an upload: how far it is. */
export function uploadStatus(call: Call, cloud: Context): Reply {
  const target = enter(call, cloud, 'push');
  return accepted(target, uploadOf(call, cloud, target), 204);
}

/** PATCH of an upload: one chunk, in order, with `Content-Range` or streamed without. */
export async function continueUpload(call: Call, cloud: Context): Promise<Reply> {
  const target = enter(call, cloud, 'push');
  const upload = uploadOf(call, cloud, target);
  checkRange(call, upload);
  await upload.append(call.stream, announced(call));
  return accepted(target, upload, 202);
}

/** PUT of an upload: the last bytes, if any, and the digest of the whole. */
export async function finishUpload(call: Call, cloud: Context): Promise<Reply> {
  const target = enter(call, cloud, 'push');
  const upload = uploadOf(call, cloud, target);
  const digest = call.query.get('digest') ?? '';
  if (!isDigest(digest))
    throw new RegistryError('DIGEST_INVALID', `provided digest '${digest}' is not a sha256 digest`);
  checkRange(call, upload);
  await upload.append(call.stream, announced(call));
  return commit(cloud, target, upload, digest);
}

/** DELETE of an upload. */
export async function cancelUpload(call: Call, cloud: Context): Promise<Reply> {
  const target = enter(call, cloud, 'push');
  await cloud.blobs.cancel(uploadOf(call, cloud, target));
  return { status: 204 };
}

function announced({ headers }: Call): number {
  return Number(headers['content-length'] ?? 0);
}

function uploadOf(call: Call, cloud: Context, target: Granted): Upload {
  return cloud.blobs.upload(call.params.upload ?? '', target.resource);
}

async function commit(cloud: Context, target: Granted, upload: Upload, digest: string): Promise<Reply> {
  await cloud.blobs.commit(upload, digest);
  target.images.blobs.add(digest);
  return created(target, digest);
}

/** Whether a blob may be linked into the target: it is in a repository that the caller may read. */
function mountable(call: Call, cloud: Context, digest: string, target: Granted): boolean {
  const from = call.query.get('from');
  try {
    const source = from ? parseTarget(cloud, from, { host: registryHost(call) }) : target;
    source.demand(bearerOf(call, cloud), 'pull');
    return source.images?.blobs.has(digest) ?? false;
  } catch (error) {
    // The specification has the registry fall back to an ordinary upload.
    if (error instanceof RegistryError) return false;
    throw error;
  }
}

function checkRange(call: Call, upload: Upload): void {
  const range = call.headers['content-range'];
  if (range === undefined) return;
  const start = /^(?:bytes )?(\d+)-\d+/.exec(range)?.[1];
  if (Number(start) !== upload.offset) {
    throw new RegistryError(
      'BLOB_UPLOAD_INVALID',
      `chunk begins at ${start}, but ${upload.offset} bytes are here`,
      { range: rangeOf(upload) },
    );
  }
}

function accepted({ name }: Granted, upload: Upload, status: 202 | 204): Reply {
  return {
    status,
    headers: {
      location: `/v2/${name}/blobs/uploads/${upload.id}`,
      range: rangeOf(upload),
      'docker-upload-uuid': upload.id,
    },
  };
}

function created({ name }: Granted, digest: string): Reply {
  return {
    status: 201,
    headers: { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest },
  };
}

/** Docker's clients expect `0-0` of an upload that has nothing yet. */
function rangeOf({ offset }: Upload): string {
  return `0-${Math.max(0, offset - 1)}`;
}
