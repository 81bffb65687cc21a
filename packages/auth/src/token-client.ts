import { isTransientStatus, retry } from '@gangway/google-cloud';
import { AuthClient } from 'google-auth-library';
import type { Source, Surroundings } from './authenticate.ts';
import { explain } from './explain.ts';

type RequestOptions = Parameters<AuthClient['request']>[0];

/**
 * The credentials every call shares: one token at a time, asked for when used, renewed shortly before it ends,
 * masked the moment it exists. The library tries a failed exchange once; here it falls under the retry policy.
 */
export class TokenClient extends AuthClient {
  readonly #source: Source;
  readonly #surroundings: Surroundings;
  #last: string | undefined;

  constructor(source: Source, surroundings: Surroundings) {
    super();
    this.#source = source;
    this.#surroundings = surroundings;
  }

  /** @throws ActionError that explains why there is no token */
  async getAccessToken(): Promise<{ token: string }> {
    const { client } = this.#source;
    const answer = await retry(
      () => client.getAccessToken(),
      (error) => ({ transient: isTransient(error), error }),
      { deadline: 60_000, signal: this.#surroundings.signal },
    ).catch((error) => {
      throw explain(error, this.#source.description);
    });
    if (!answer.token) throw explain(new Error('the answer held no access token'), this.#source.description);
    if (answer.token !== this.#last) this.#surroundings.mask(answer.token);
    this.#last = answer.token;
    return { token: answer.token };
  }

  async getRequestHeaders(): Promise<Headers> {
    const { token } = await this.getAccessToken();
    return this.addSharedMetadataHeaders(new Headers({ authorization: `Bearer ${token}` }));
  }

  async request<T>(options: RequestOptions) {
    const headers = new Headers(options.headers as Headers | undefined);
    for (const [name, value] of await this.getRequestHeaders()) headers.set(name, value);
    return this.transporter.request<T>({ ...options, headers });
  }
}

function isTransient(error: unknown): boolean {
  const { response, code, status } = error as {
    response?: { status?: number };
    status?: number;
    code?: unknown;
  };
  const httpStatus = response?.status ?? status;
  if (httpStatus) return isTransientStatus(httpStatus);
  return typeof code === 'string' && /^(E[A-Z]+|UND_ERR_\w+)$/.test(code);
}
