import type { Cloud } from '../cloud.ts';
import { type Call, type Handler, type Reply, type Route, route } from '../handler.ts';
import { bearerOf } from './access.ts';
import { deleteBlob, getBlob, headBlob } from './blob-requests.ts';
import { RegistryError } from './errors.ts';
import { listReferrers, listTags } from './list-requests.ts';
import { deleteManifest, getManifest, putManifest } from './manifest-requests.ts';
import { getToken, postToken } from './token.ts';
import { cancelUpload, continueUpload, finishUpload, startUpload, uploadStatus } from './upload-requests.ts';

const streams = { streams: true };
const uploads = '/v2/{name=**}/blobs/uploads/';

/** Docker's side of Artifact Registry: the OCI distribution specification v1.1 behind Google's token flow. */
export const registryRoutes: readonly Route[] = [
  oci('GET', '/v2/', ping),
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
  oci('PUT', '/v2/{name=**}/manifests/{reference=**}', putManifest),
  oci('HEAD', '/v2/{name=**}/manifests/{reference=**}', getManifest),
  oci('GET', '/v2/{name=**}/manifests/{reference=**}', getManifest),
  oci('DELETE', '/v2/{name=**}/manifests/{reference=**}', deleteManifest),
  oci('GET', '/v2/{name=**}/tags/list', listTags),
  oci('GET', '/v2/{name=**}/referrers/{digest=**}', listReferrers),
];

/** A route that answers errors as the OCI API does. */
function oci(method: string, template: string, handler: Handler, options?: { streams: boolean }): Route {
  const answered = async (call: Call, cloud: Cloud): Promise<Reply> => {
    const reply = await attempt(() => handler(call, cloud));
    return { ...reply, headers: { 'docker-distribution-api-version': 'registry/2.0', ...reply.headers } };
  };
  return route(method, template, undefined, answered, options);
}

/** Tells a client whether its credentials are good for this registry at all. */
function ping(call: Call, cloud: Cloud): Reply {
  bearerOf(call, cloud);
  return { body: {} };
}

async function attempt(work: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RegistryError) return error.reply;
    throw error;
  }
}
