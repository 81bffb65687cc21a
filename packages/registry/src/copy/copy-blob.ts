import { createHash } from 'node:crypto';
import { counted } from '@gangway/action/counted';
import { ActionError } from '@gangway/action/error';
import { type Answer, isTransientStatus, judge as judgeAnswer, redirected, retry } from '@gangway/http';
import { type RegistryClient, timeFor } from '../client/registry-client.ts';
import { chunksOf } from './chunks.ts';

/** A repository of a registry. */
export interface Place {
  readonly registry: RegistryClient;
  /** Path of the repository, e.g. `my-app`. */
  readonly repository: string;
}

export interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly size: number;
}

/** Bytes sent at once, and kept to be sent again. */
const CHUNK = 8 * 1024 * 1024;

/**
 * Makes a target have a blob of a source: does nothing when it is there, mounts it where both are in one registry, and
 * else streams it in chunks, each of which is sent again from where the registry says it is. A blob whose stream broke
 * is begun again.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs
 */
export async function copyBlob(
  source: Place,
  target: Place,
  blob: Descriptor,
  signal?: AbortSignal,
): Promise<'there' | 'mounted' | 'copied'> {
  const same = source.registry.host === target.registry.host;
  const judge = (error: unknown) => ({ transient: isBroken(error), error });
  return retry<'there' | 'mounted' | 'copied'>(
    async () => {
      if (await has(target, blob)) return 'there';
      const upload = await startUpload(source, target, blob, same);
      if (!upload) return 'mounted';
      await stream(source, target, blob, upload);
      return 'copied';
    },
    judge,
    { deadline: 10 * 60_000, signal },
  );
}

export function scopeOf({ repository }: Place, actions: string): string {
  return `repository:${repository}:${actions}`;
}

async function has({ registry, repository }: Place, { digest }: Descriptor): Promise<boolean> {
  const { status } = await registry.request({
    method: 'HEAD',
    url: `/v2/${repository}/blobs/${digest}`,
    scope: `repository:${repository}:pull,push`,
    accept: [200, 404],
  });
  return status === 200;
}

interface Upload {
  readonly location: string;
  readonly smallest: number;
}

async function startUpload(
  source: Place,
  target: Place,
  { digest }: Descriptor,
  mount: boolean,
): Promise<Upload | undefined> {
  const query = mount ? `?${new URLSearchParams({ mount: digest, from: source.repository })}` : '';
  const own = scopeOf(target, 'pull,push');
  const response = await target.registry.request({
    method: 'POST',
    url: `/v2/${target.repository}/blobs/uploads/${query}`,
    scope: mount ? `${own} ${scopeOf(source, 'pull')}` : own,
    accept: [201, 202],
  });
  if (response.status === 201) return undefined;
  return {
    location: locationOf(response),
    smallest: Number(response.headers.get('oci-chunk-min-length') ?? 0),
  };
}

async function stream(source: Place, target: Place, blob: Descriptor, upload: Upload): Promise<void> {
  const response = await source.registry.request({
    method: 'GET',
    url: `/v2/${source.repository}/blobs/${blob.digest}`,
    scope: scopeOf(source, 'pull'),
    limit: blob.size,
    timeout: timeFor(blob.size),
  });
  const hash = createHash('sha256');
  const size = Math.max(CHUNK, upload.smallest);
  let { location } = upload;
  let offset = 0;
  for await (const chunk of chunksOf(response, size)) {
    hash.update(chunk);
    // The last chunk goes with the request that ends the upload.
    if (offset + chunk.length >= blob.size) {
      offset += chunk.length;
      check(blob, offset, hash.digest('hex'));
      await finish(target, location, blob, chunk);
      return;
    }
    location = await sendChunk(target, location, chunk, offset);
    offset += chunk.length;
  }
  check(blob, offset, hash.digest('hex'));
  await finish(target, location, blob, undefined);
}

/** Sends a chunk; when the answer is lost, asks how far the upload is, and sends what is missing. */
async function sendChunk(
  target: Place,
  location: string,
  chunk: Uint8Array<ArrayBuffer>,
  offset: number,
): Promise<string> {
  const scope = scopeOf(target, 'pull,push');
  const end = offset + chunk.length;
  let at = offset;
  let to = location;
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await target.registry.request({
        method: 'PATCH',
        url: to,
        scope,
        body: chunk.subarray(at - offset),
        headers: { 'content-type': 'application/octet-stream', 'content-range': `${at}-${end - 1}` },
        retry: false,
      });
      return locationOf(response);
    } catch (error) {
      if (attempt === 5 || !isBroken(error)) throw error;
      const status = await target.registry.request({ method: 'GET', url: to, scope });
      to = status.headers.has('location') ? locationOf(status) : to;
      const last = Number(/-(\d+)$/.exec(status.headers.get('range') ?? '')?.[1] ?? 0);
      at = last === 0 ? offset : last + 1;
      if (at >= end) return to;
      if (at < offset) throw error;
    }
  }
}

async function finish(
  target: Place,
  location: string,
  { digest }: Descriptor,
  rest: Uint8Array<ArrayBuffer> | undefined,
): Promise<void> {
  const url = new URL(location);
  url.searchParams.set('digest', digest);
  await target.registry.request({
    method: 'PUT',
    url: url.href,
    scope: scopeOf(target, 'pull,push'),
    headers: { 'content-type': 'application/octet-stream' },
    // A lost answer leaves no upload to end again: the blob is looked for, and begun again.
    retry: false,
    body: rest ?? new Uint8Array(),
  });
}

function check({ digest, size }: Descriptor, length: number, hash: string): void {
  if (length === size && digest === `sha256:${hash}`) return;
  throw Object.assign(
    new ActionError(
      `The blob ${digest} arrived as ${counted(length, 'byte')} of sha256:${hash}, not as its ${counted(size, 'byte')}.`,
      {
        code: 'registry',
        hint: 'run the job again; if it persists, the source is damaged: push the image again',
      },
    ),
    // A connection that ended early looks like this: worth another try.
    { response: { status: length < size ? 503 : 400 } },
  );
}

/** Where an upload goes on: not in the clear where it began over TLS. */
function locationOf({ status, headers, url, what }: Answer): string {
  const location = headers.get('location');
  const to = URL.parse(location ?? '', url);
  if (to && (to.protocol === 'https:' || to.protocol === new URL(url).protocol)) return to.href;
  throw redirected(what, status, location, url);
}

/** Whether a connection broke, or the registry was out of order: not what it refused. */
function isBroken(error: unknown): boolean {
  const { response } = Object(error) as { response?: { status?: number } };
  if (response?.status !== undefined) return isTransientStatus(response.status) || response.status === 416;
  return judgeAnswer(error).transient;
}
