import { ActionError } from '@gangway/action/error';
import { reach, schemeOf } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';
import { MEDIA_TYPES } from './media-types.ts';

/** A request to an OCI registry. */
export interface RegistryRequest {
  readonly method: 'HEAD' | 'GET' | 'POST' | 'PUT';
  /** As Docker writes the image: `HOST/PATH`. */
  readonly image: string;
  /** Below the image: `manifests/latest`; or a whole URL that the registry gave, on the same host. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/**
 * Sends a request to a registry with the access token, which Artifact Registry takes as a bearer too.
 *
 * @throws ActionError `registry` with what the registry said when it refuses, 404 aside; `unreachable` when it does not answer
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function askRegistry(auth: AuthClient, request: RegistryRequest): Promise<RegistryAnswer> {
  const { method, headers = {}, body } = request;
  const url = urlOf(request);
  const ask = async () => {
    const response = await auth.request<ArrayBuffer>({
      url,
      method,
      headers: { ...headers },
      ...(body && { body }),
      // The bytes count: they make the digest.
      responseType: 'arraybuffer',
      timeout: 30_000,
      retry: false,
      validateStatus: () => true,
    });
    const { status } = response;
    const answer = { status, headers: response.headers, body: Buffer.from(response.data ?? []) };
    // The retry policy reads the status off the answer.
    if (status >= 400 && status !== 404) throw Object.assign(refused(method, url, answer), { response });
    return answer;
  };
  return reach(ask, `${method} ${url}`, { deadline: 60_000 });
}

/**
 * What is there as JSON: a manifest, an index, an image's configuration.
 *
 * @param path below the image: `manifests/sha256:…`, `blobs/sha256:…`
 * @throws ActionError `registry` also where it is not there
 */
export async function readJson<T>(auth: AuthClient, image: string, path: string): Promise<T> {
  const headers = { accept: [...MEDIA_TYPES, '*/*'].join(', ') };
  const answer = await askRegistry(auth, { method: 'GET', image, path, headers });
  if (answer.status === 404) throw refused('GET', urlOf({ image, path }), answer);
  return JSON.parse(answer.body.toString()) as T;
}

function urlOf({ image, path }: Pick<RegistryRequest, 'image' | 'path'>): string {
  const [host = '', ...name] = image.split('/');
  const base = `${schemeOf(host)}://${host}`;
  const url = new URL(/^(\/|https?:)/.test(path) ? path : `/v2/${name.join('/')}/${path}`, base);
  if (url.origin !== new URL(base).origin)
    throw new ActionError(`The registry ${host} points to another host, ${url.host}.`, {
      code: 'registry',
      hint: 'access tokens are not sent there; check the image name',
    });
  return url.href;
}

/** An answer without a body, as to a HEAD, names no permission: then this does. */
function refused(method: string, url: string, { status, body }: RegistryAnswer): ActionError {
  const said = messageIn(body.toString());
  const denied = status === 401 || status === 403;
  const [role, permission] =
    method === 'HEAD' || method === 'GET' ? ['reader', 'downloadArtifacts'] : ['writer', 'uploadArtifacts'];
  const why = said
    ? `: ${said}`
    : denied
      ? `, which needs the permission ${quotedPermission(permission, url)}.`
      : '.';
  return new ActionError(`The registry answered ${method} ${url} with ${status}${why}`, {
    code: 'registry',
    hint: denied
      ? `grant the account that deploys roles/artifactregistry.${role} on the repository`
      : 'run the job again; if it stays so, look at status.cloud.google.com',
  });
}

const REPOSITORY = /\/([a-z0-9-]+)-docker\.pkg\.dev\/(?:v2\/)?([^/]+)\/([^/]+)\//;

/** As Artifact Registry itself names it. */
function quotedPermission(permission: string, url: string): string {
  const [, location, project, repository] = REPOSITORY.exec(url) ?? [];
  const on = repository
    ? ` on resource "projects/${project}/locations/${location}/repositories/${repository}"`
    : '';
  return `"artifactregistry.repositories.${permission}"${on}`;
}

/** What an error of the OCI API says (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes). */
function messageIn(body: string): string | undefined {
  try {
    const { errors } = JSON.parse(body) as { errors?: readonly { message?: string }[] };
    return errors?.[0]?.message;
  } catch {
    // A proxy's page; its status says enough.
    return undefined;
  }
}
