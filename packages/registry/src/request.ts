import { ActionError } from '@gangway/action/error';
import { reach, schemeOf } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';

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

function urlOf({ image, path }: RegistryRequest): string {
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

function refused(method: string, url: string, { status, body }: RegistryAnswer): ActionError {
  const said = messageIn(body.toString());
  const role = method === 'HEAD' || method === 'GET' ? 'reader' : 'writer';
  return new ActionError(`The registry answered ${method} ${url} with ${status}${said ? `: ${said}` : '.'}`, {
    code: 'registry',
    hint:
      status === 401 || status === 403
        ? `grant the account that deploys roles/artifactregistry.${role} on the repository`
        : 'run the job again; if it stays so, look at status.cloud.google.com',
  });
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
