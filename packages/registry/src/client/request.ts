import { ActionError } from '@gangway/action/error';
import { LIMITS, parseJson, type Reader, reach, schemeOf, send } from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { MEDIA_TYPES } from '../manifests/media-types.ts';
import { saidIn } from './said.ts';

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
 * Sends a request to a registry with the access token, which Artifact Registry takes as a bearer too. Where the registry sends
 * a reader on to its storage, the token does not go along.
 *
 * @throws ActionError `registry` with what the registry said when it refuses, a read's 404 aside; RequestFailure when it does not answer
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function askRegistry(auth: AuthClient, request: RegistryRequest): Promise<RegistryAnswer> {
  const { method, headers: given = {}, body } = request;
  const url = urlOf(request);
  const reads = method === 'GET' || method === 'HEAD';
  const ask = async () => {
    const headers = new Headers({ 'accept-encoding': 'identity', ...given });
    for (const [name, value] of await auth.getRequestHeaders(url)) headers.set(name, value);
    const outgoing = { method, headers, body, timeout: TIMEOUT, limit: LIMITS.json } as const;
    const response = await send(url, { ...outgoing, redirects: 'follow' });
    const { status } = response;
    // The bytes count: they make the digest.
    const answer = { status, headers: response.headers, body: await response.bytes() };
    // The retry policy reads the status off the answer.
    if (!(reads ? response.ok || status === 404 : WRITTEN.includes(status)))
      throw Object.assign(refused(method, url, answer), { response: { status } });
    return answer;
  };
  return reach(ask, { deadline: 60_000 });
}

const TIMEOUT = 30_000;
/** A registry says of nothing else that it took what was sent: 200 is of a page that answers in its place. */
export const WRITTEN: readonly number[] = [201, 202];

/**
 * What is there as JSON: a manifest, an index, an image's configuration.
 *
 * @param path below the image: `manifests/sha256:…`, `blobs/sha256:…`
 * @param reader what it must be like
 * @throws ActionError `registry` also where it is not there
 */
export async function readRegistry<T>(
  auth: AuthClient,
  image: string,
  path: string,
  reader: Reader<T>,
): Promise<T> {
  const headers = { accept: [...MEDIA_TYPES, '*/*'].join(', ') };
  const answer = await askRegistry(auth, { method: 'GET', image, path, headers });
  const url = urlOf({ image, path });
  if (answer.status === 404) throw refused('GET', url, answer);
  return parseJson(answer.body, `GET ${url}`, reader);
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
  const said = saidIn(body.toString())?.message;
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
      : status < 400
        ? 'check whether something else answers for that host, such as a proxy'
        : 'run the job again; if it persists, look at status.cloud.google.com',
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
