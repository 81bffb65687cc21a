import type { Call, Reply } from '../kernel/http/call.ts';
import { type Guard, type Handler, type Route, route } from '../kernel/http/route.ts';
import { RegistryError } from '../oci/index.ts';
import { bearerOf, enter } from './access.ts';
import { deleteBlob, getBlob, headBlob } from './blob-requests.ts';
import type { Context } from './context.ts';
import { listImages, listReferrers, listTags } from './list-requests.ts';
import { deleteManifest, getManifest, MANIFEST_LIMIT, putManifest } from './manifest-requests.ts';
import { getToken, postToken } from './token.ts';
import { cancelUpload, continueUpload, finishUpload, startUpload, uploadStatus } from './upload-requests.ts';

/** What only somebody who may push is to send. */
const pushes: OciOptions = { pushes: true };
const streams: OciOptions = { pushes: true, streams: true };
const uploads = '/v2/{name=**}/blobs/uploads/';

/** Docker's side of Artifact Registry: the OCI distribution specification v1.1 behind Google's token flow. */
export const registryRoutes: readonly Route<Context>[] = [
  oci('GET', '/v2/', ping),
  oci('GET', '/v2/_catalog', listImages),
  oci('GET', '/v2/token', getToken),
  oci('POST', '/v2/token', postToken),
  oci('POST', uploads, startUpload, streams),
  oci('GET', `${uploads}{upload}`, uploadStatus),
  oci('PATCH', `${uploads}{upload}`, continueUpload, streams),
  oci('PUT', `${uploads}{upload}`, finishUpload, streams),
  oci('DELETE', `${uploads}{upload}`, cancelUpload),
  oci('HEAD', '/v2/{name=**}/blobs/{digest=**}', headBlob),
  oci('GET', '/v2/{name=**}/blobs/{digest=**}', getBlob),
  oci('DELETE', '/v2/{name=**}/blobs/{digest=**}', deleteBlob),
  oci('PUT', '/v2/{name=**}/manifests/{reference=**}', putManifest, { ...pushes, limit: MANIFEST_LIMIT }),
  oci('HEAD', '/v2/{name=**}/manifests/{reference=**}', getManifest),
  oci('GET', '/v2/{name=**}/manifests/{reference=**}', getManifest),
  oci('DELETE', '/v2/{name=**}/manifests/{reference=**}', deleteManifest),
  oci('GET', '/v2/{name=**}/tags/list', listTags),
  oci('GET', '/v2/{name=**}/referrers/{digest=**}', listReferrers),
];

interface OciOptions {
  readonly pushes?: boolean;
  readonly streams?: boolean;
  readonly limit?: number;
}

/** A route that answers errors as the OCI API does, and asks nobody for a body who may not push. */
function oci(
  method: string,
  template: string,
  handler: Handler<Context>,
  { pushes: guarded = false, ...options }: OciOptions = {},
): Route<Context> {
  const answered = async (call: Call, cloud: Context): Promise<Reply> => {
    try {
      return versioned(await handler(call, cloud));
    } catch (error) {
      return refusal(error);
    }
  };
  const mayPush: Guard<Context> = (call, cloud) => {
    try {
      enter(call, cloud, 'push');
      return undefined;
    } catch (error) {
      return refusal(error);
    }
  };
  return route(method, template, undefined, answered, {
    guard: guarded ? mayPush : 'open',
    ...options,
    ...(guarded && { tooLarge: ({ limit }) => refusal(manifestTooLarge(limit)) }),
  });
}

function manifestTooLarge(limit: number): RegistryError {
  return new RegistryError('SIZE_INVALID', `Manifest is larger than ${limit} bytes`);
}

function versioned(reply: Reply): Reply {
  return { ...reply, headers: { 'docker-distribution-api-version': 'registry/2.0', ...reply.headers } };
}

function refusal(error: unknown): Reply {
  if (error instanceof RegistryError) return versioned(error.reply);
  throw error;
}

/** Tells a client whether its credentials are good for this registry at all. */
function ping(call: Call, cloud: Context): Reply {
  bearerOf(call, cloud);
  return { body: {} };
}
