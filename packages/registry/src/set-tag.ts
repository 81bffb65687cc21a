import { ActionError } from '@gangway/action/error';
import { reach, schemeOf } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';
import { MEDIA_TYPES } from './manifest.ts';

/**
 * Puts a manifest that is in the registry under a tag: the tag names it from then on.
 *
 * @param auth adds the access token
 * @param image as Docker writes it: `HOST/PATH`
 * @param digest of the manifest or index
 * @throws ActionError `registry` with what the registry said, `unreachable` when it does not answer
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
 */
export async function setTag(auth: AuthClient, image: string, digest: string, tag: string): Promise<void> {
  const [host = '', ...path] = image.split('/');
  const base = `${schemeOf(host)}://${host}/v2/${path.join('/')}/manifests`;
  const { data, headers } = await send(auth, 'GET', `${base}/${digest}`, { accept: MEDIA_TYPES.join(', ') });
  const type = headers.get('content-type') ?? '';
  await send(auth, 'PUT', `${base}/${tag}`, { 'content-type': type }, data);
}

function send(
  auth: AuthClient,
  method: 'GET' | 'PUT',
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
) {
  const ask = async () => {
    const response = await auth.request<string>({
      url,
      method,
      headers,
      ...(body !== undefined && { body }),
      // The bytes count: they make the digest.
      responseType: 'text',
      timeout: 30_000,
      retry: false,
      validateStatus: () => true,
    });
    // The retry policy reads the status off the answer.
    if (response.status >= 400) throw Object.assign(refused(method, url, response), { response });
    return response;
  };
  return reach(ask, `${method} ${url}`, { deadline: 60_000 });
}

function refused(
  method: string,
  url: string,
  { status, data }: { status: number; data: unknown },
): ActionError {
  const said = messageIn(data);
  return new ActionError(`The registry answered ${method} ${url} with ${status}${said ? `: ${said}` : '.'}`, {
    code: 'registry',
    hint:
      status === 401 || status === 403
        ? 'grant the account that deploys roles/artifactregistry.writer on the repository'
        : 'run the job again; if it stays so, look at status.cloud.google.com',
  });
}

/** What an error of the OCI API says (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes). */
function messageIn(body: unknown): string | undefined {
  try {
    const { errors } = JSON.parse(String(body)) as { errors?: readonly { message?: string }[] };
    return errors?.[0]?.message;
  } catch {
    // A proxy's page; its status says enough.
    return undefined;
  }
}
