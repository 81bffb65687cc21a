import { object, readJson } from '@gangway/http';
import { AuthClient } from 'google-auth-library';
import { sendAuthorized } from '../client.ts';

/** What Google's client gives to be sent. */
interface Sending {
  readonly method?: string | undefined;
  readonly headers?: Headers;
  readonly body?: string | Uint8Array;
}

/**
 * What Google's client sends through: the same door as everything else, with our credentials. It is handed whole JSON objects
 * only; what else may come back is an error of ours before the client sees it.
 */
export class RestClient extends AuthClient {
  readonly #auth: AuthClient;
  readonly #endpoint: URL;
  readonly #signal: AbortSignal | undefined;

  /** @param endpoint where the API answers; Google's client knows a host and a port alone, and no path before its own */
  constructor(auth: AuthClient, endpoint: URL, signal: AbortSignal | undefined) {
    super();
    this.#auth = auth;
    this.#endpoint = endpoint;
    this.#signal = signal;
    this.universeDomain = auth.universeDomain;
  }

  getAccessToken() {
    return this.#auth.getAccessToken();
  }

  getRequestHeaders(url?: string | URL) {
    return this.#auth.getRequestHeaders(url);
  }

  async request(): Promise<never> {
    throw new Error("Google's client sends by fetch.");
  }

  override async fetch<T>(...[input, init]: Parameters<AuthClient['fetch']>) {
    const { method, headers, body } = init as Sending;
    const outgoing = { method, headers, body, signal: this.#signal };
    const answer = await sendAuthorized(this.#auth, this.#below(new URL(String(input))), outgoing);
    const checked = Response.json(await readJson(answer, object));
    return checked as unknown as Awaited<ReturnType<typeof AuthClient.prototype.fetch<T>>>;
  }

  #below({ pathname, search }: URL): URL {
    return new URL(`${pathname.slice(1)}${search}`, this.#endpoint);
  }
}
