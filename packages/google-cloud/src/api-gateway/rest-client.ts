import { text } from 'node:stream/consumers';
import type { ReadableStream } from 'node:stream/web';
import { AuthClient } from 'google-auth-library';
import { GoogleError } from '../error.ts';

/**
 * What Google's client sends through: it adds our credentials, stops when the step is cancelled, and turns a refusal
 * into our own error before the client makes its raw JSON text a message.
 */
export class RestClient extends AuthClient {
  readonly #auth: AuthClient;
  readonly #signal: AbortSignal | undefined;

  constructor(auth: AuthClient, signal: AbortSignal | undefined) {
    super();
    this.#auth = auth;
    this.#signal = signal;
    this.universeDomain = auth.universeDomain;
  }

  getAccessToken() {
    return this.#auth.getAccessToken();
  }

  getRequestHeaders(url?: string | URL) {
    return this.#auth.getRequestHeaders(url);
  }

  async request<T>(options: Parameters<AuthClient['request']>[0]) {
    // Google's client brings an agent that keeps connections, as Node's own does; with it, HTTPS_PROXY would not be used.
    const { agent: _, ...request } = options;
    const response = await this.#auth.request<T>({
      ...request,
      ...(this.#signal && { signal: this.#signal }),
      retry: false,
      timeout: 60_000,
      validateStatus: () => true,
    });
    if (response.status < 400) return response;
    const url = new URL(String(options.url));
    throw new GoogleError(
      response.status,
      await text(response.data as ReadableStream),
      `${options.method ?? 'GET'} ${url.host}${url.pathname}`,
      response.headers,
    );
  }
}
