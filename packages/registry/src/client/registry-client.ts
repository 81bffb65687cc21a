import { type Answer, LIMITS, parseRetryAfter, reach, schemeOf, send as sendOnce } from '@gangway/http';
import { type Challenge, parseChallenge } from './challenge.ts';
import { HUB } from './hub.ts';
import { RegistryError } from './registry-error.ts';
import { WRITTEN } from './request.ts';
import { type Grant, type RegistryCredential, signIn } from './sign-in.ts';

interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  /** Path and query below the host, or a whole URL of an upload. */
  readonly url: string;
  /** e.g. `repository:apis/hello:pull`; several separated by spaces. */
  readonly scope: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Statuses that are answers, not errors; default any 2xx of a read, 201 and 202 of the others. */
  readonly accept?: readonly number[];
  /** Whether to try again by itself; default true. */
  readonly retry?: boolean;
  /** Bytes of the answer at most; default those of what a registry says of itself. */
  readonly limit?: number;
  /** Milliseconds for the whole of it; default a minute, and more for what is long to send. */
  readonly timeout?: number;
}

/** One registry, spoken to as the OCI distribution specification says, with whatever sign-in it asks for. */
export interface RegistryClient {
  readonly host: string;
  /**
   * @throws RegistryError when the registry refuses; ActionError `unreachable` when it does not answer
   */
  request(request: RegistryRequest): Promise<Answer>;
}

/**
 * @param host e.g. `registry.fly.io`; http on loopback, https elsewhere
 * @param credential undefined asks as nobody
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function registryClient(
  host: string,
  credential: RegistryCredential | undefined,
  signal?: AbortSignal,
): RegistryClient {
  const origin = `${schemeOf(host)}://${host}`;
  const grants = new Map<string, Grant>();

  /** Sends it, and once more with what a 401 asked for. */
  const attempt = async (request: RegistryRequest, url: URL): Promise<Answer> => {
    // An upload may go on at another host: it gets no credentials of this one.
    const known = url.origin === origin ? grants.get(request.scope) : undefined;
    const fresh = known && known.until > Date.now() ? known.authorization : undefined;
    // To sign in at Docker Hub first is a request less.
    const first = fresh ?? (url.host === HUB.host ? await grant(HUB.challenge, request.scope) : undefined);
    const response = await send(request, url, first, signal);
    if (response.status !== 401 || url.origin !== origin) return response;
    const challenge = parseChallenge(response.headers.get('www-authenticate'));
    if (!challenge) return response;
    // Read, so that its connection is free again.
    await response.beginning(LIMITS.excerpt);
    return send(request, url, await grant(challenge, request.scope), signal);
  };

  const grant = async (challenge: Challenge, scope: string): Promise<string> => {
    const given = await signIn(challenge, scope, credential, origin, signal);
    grants.set(scope, given);
    return given.authorization;
  };

  return {
    host,
    request(request) {
      const url = new URL(request.url, origin);
      const what = `${request.method} ${url.host}${url.pathname}`;
      const work = async () => {
        const response = await attempt(request, url);
        const { accept = request.method === 'GET' || request.method === 'HEAD' ? undefined : WRITTEN } =
          request;
        const fine = accept?.includes(response.status) ?? response.ok;
        if (fine) return response;
        const error = new RegistryError(what, response.status, await response.beginning(LIMITS.excerpt));
        throw Object.assign(error, { retryAfter: parseRetryAfter(response.headers.get('retry-after')) });
      };
      return reach(work, { deadline: request.retry === false ? 0 : 60_000, signal });
    },
  };
}

async function send(
  { method, headers, body, limit = LIMITS.token, timeout = timeFor(body?.length ?? 0) }: RegistryRequest,
  url: URL,
  authorization: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  // The bytes count: they make the digest. What is to be read may lie in a storage that the registry names.
  const own = { 'accept-encoding': 'identity', ...headers, ...(authorization && { authorization }) };
  return sendOnce(url, { method, headers: own, body, signal, limit, timeout, redirects: 'follow' });
}

/** Milliseconds that so many bytes may take. */
export function timeFor(bytes: number): number {
  return Math.max(SHORTEST, (bytes / SLOWEST) * 1000);
}

/** Milliseconds that any request may take, and bytes a second below which a long one takes too long. */
const SHORTEST = 60_000;
const SLOWEST = 128 * 1024;
