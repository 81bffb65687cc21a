import { ActionError } from '@gangway/action/error';
import {
  type Answer,
  fields,
  LIMITS,
  number,
  parseRetryAfter,
  type Reader,
  reach,
  readJson,
  schemeOf,
  send as sendOnce,
  token,
  unexpected,
} from '@gangway/http';
import { type Challenge, parseChallenge } from './challenge.ts';
import { HUB } from './hub.ts';
import { WRITTEN } from './request.ts';
import { saidIn } from './said.ts';

export interface Login {
  /** {@link IDENTITY_TOKEN} where the password is a refresh token. */
  readonly username: string;
  readonly password: string;
}

/** What Docker's credential helpers say in place of a user's name when they give a refresh token. */
export const IDENTITY_TOKEN = '<token>';

/** Asked each time that a token is needed, so that it may give one that is still good; undefined asks as nobody. */
export type RegistryCredential = () => Promise<Login | undefined>;

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

/** A registry's refusal. */
class RegistryError extends ActionError {
  /** Where the shared retry policy looks for the status. */
  readonly response: { readonly status: number };

  constructor(what: string, status: number, body: string) {
    const { code, message } = saidIn(body) ?? {};
    const words = [code, message].filter(Boolean).join(': ').replace(/\.$/, '');
    super(`The registry answered ${what} with ${status}${words && `: ${words}`}.`, {
      code: 'registry',
      hint:
        status === 401 || status === 403
          ? 'check that the credentials may read the source and write the target'
          : status === 404
            ? 'check that the image and the repository are there'
            : 'run the job again; what was copied is not sent again',
    });
    this.name = 'RegistryError';
    this.response = { status };
  }
}

/** @see https://distribution.github.io/distribution/spec/auth/token/ */
interface GivenToken {
  readonly token?: string;
  readonly access_token?: string;
  readonly expires_in?: number;
}

/** Some registries fill in one of the two names alone. */
const bearer: Reader<string> = (value, at) => (value === '' ? value : token(value, at));
const TOKEN = fields<GivenToken>({ token: bearer, access_token: bearer, expires_in: number });

interface Grant {
  readonly authorization: string;
  readonly until: number;
}

/** Seconds that a token lives when its registry does not say (https://distribution.github.io/distribution/spec/auth/token/). */
const USUAL_LIFETIME = 60;

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
    const given = await answer(challenge, scope, credential, origin, signal);
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

async function answer(
  challenge: Challenge,
  scope: string,
  credential: RegistryCredential | undefined,
  origin: string,
  signal: AbortSignal | undefined,
): Promise<Grant> {
  const own = await credential?.();
  const basic = own && `Basic ${Buffer.from(`${own.username}:${own.password}`).toString('base64')}`;
  if (challenge.scheme === 'basic') {
    // The password may age: it is asked for again before long.
    return { authorization: basic ?? '', until: Date.now() + USUAL_LIFETIME * 1000 };
  }
  const realm = realmOf(challenge.realm, origin);
  if (realm.protocol !== 'https:' && realm.origin !== origin) {
    throw new ActionError(
      `The registry at ${origin} sends its clients to sign in over plain http: ${realm.origin}.`,
      {
        code: 'registry',
        hint: 'use a registry that can be trusted with a password',
      },
    );
  }
  const response = await (own?.username === IDENTITY_TOKEN
    ? exchange(realm, challenge.service, scope, own.password, signal)
    : askToken(realm, challenge.service, scope, basic, signal));
  if (!response.ok)
    throw new RegistryError(
      `the sign-in for ${scope}`,
      response.status,
      await response.beginning(LIMITS.excerpt),
    );
  const {
    token,
    access_token: same,
    expires_in: lifetime = USUAL_LIFETIME,
  } = await readJson(response, TOKEN);
  if (!token && !same) throw unexpected(response.what, 'there is no token in it');
  return { authorization: `Bearer ${token ?? same ?? ''}`, until: Date.now() + lifetime * 800 };
}

function realmOf(realm: string, origin: string): URL {
  const url = URL.parse(realm, origin);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new ActionError(`The registry at ${origin} sends its clients to sign in at no address.`, {
    code: 'registry',
    hint: 'check the name of the image; that registry is set up wrongly',
  });
}

function askToken(
  realm: URL,
  service: string | undefined,
  scope: string,
  authorization: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (service) realm.searchParams.set('service', service);
  for (const part of scope.split(' ')) realm.searchParams.append('scope', part);
  return sendOnce(realm, {
    headers: { ...(authorization && { authorization }) },
    limit: LIMITS.token,
    signal,
  });
}

/** @see https://distribution.github.io/distribution/spec/auth/oauth/ */
function exchange(
  realm: URL,
  service: string | undefined,
  scope: string,
  token: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const form = { grant_type: 'refresh_token', client_id: 'gangway', refresh_token: token, scope };
  return sendOnce(realm, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...form, ...(service && { service }) }).toString(),
    limit: LIMITS.token,
    signal,
  });
}
