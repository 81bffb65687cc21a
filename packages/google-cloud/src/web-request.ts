import { gaxios } from 'google-auth-library';

export interface WebRequest {
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface WebResponse {
  readonly status: number;
  readonly text: string;
}

/** An answer whose body is not read yet: it may be long. */
export interface OpenResponse
  extends Pick<Response, 'status' | 'ok' | 'headers' | 'url' | 'text' | 'arrayBuffer'> {
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * One HTTP request to what is no API of Google's: a gateway, a service, GitHub. Goes through HTTPS_PROXY and heeds NO_PROXY, which
 * Node's own fetch does not. Tried once; any status is an answer; a redirect is not followed.
 */
export async function webRequest(url: string, request: WebRequest = {}): Promise<WebResponse> {
  const { status, data } = await gaxios.request<string>({
    ...options(url, request),
    redirect: 'manual',
    responseType: 'text',
  });
  return { status, text: typeof data === 'string' ? data : JSON.stringify(data ?? '') };
}

/** The same for what is streamed: the body comes as it is read, and redirects are followed, to other hosts without authorization. */
export async function openWeb(url: string, request: WebRequest = {}): Promise<OpenResponse> {
  // What gaxios returns is node-fetch's response, whose body is a stream of Node's, not one of the Web's.
  return (await gaxios.request({
    ...options(url, request),
    responseType: 'stream',
  })) as unknown as OpenResponse;
}

function options(url: string, { method = 'GET', headers = {}, body, signal }: WebRequest) {
  return {
    url,
    method: method as 'GET',
    headers: { ...headers },
    ...(body !== undefined && { data: body }),
    ...(signal && { signal }),
    retry: false,
    validateStatus: () => true,
  };
}
