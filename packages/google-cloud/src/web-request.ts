import { gaxios } from 'google-auth-library';

export interface WebRequest {
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface WebResponse {
  readonly status: number;
  readonly text: string;
}

/**
 * One HTTP request to what is no API of Google's: a gateway, a service, GitHub. Goes through HTTPS_PROXY and heeds NO_PROXY, which
 * Node's own fetch does not. Tried once; any status is an answer; a redirect is not followed.
 */
export async function webRequest(
  url: string,
  { method = 'GET', headers = {}, body, signal }: WebRequest = {},
): Promise<WebResponse> {
  const { status, data } = await gaxios.request<string>({
    url,
    method: method as 'GET',
    headers: { ...headers },
    ...(body !== undefined && { data: body }),
    ...(signal && { signal }),
    redirect: 'manual',
    responseType: 'text',
    retry: false,
    validateStatus: () => true,
  });
  return { status, text: typeof data === 'string' ? data : JSON.stringify(data ?? '') };
}
