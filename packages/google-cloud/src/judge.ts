import { GoogleError } from './error.ts';
import { type Failure, isTransientStatus } from './retry.ts';

/** Network errors and the statuses that say so are transient; so are those of the token exchange beneath a call. */
export function judge(error: unknown): Failure {
  if (error instanceof GoogleError) {
    return { transient: isTransientStatus(error.httpStatus), error, retryAfter: error.retryAfter };
  }
  const { response, code } = error as { response?: { status?: number }; code?: string };
  if (response?.status) return { transient: isTransientStatus(response.status), error };
  return { transient: typeof code === 'string' && NETWORK.has(code), error };
}

/** What Node's network stack and undici name a connection that failed. */
const NETWORK = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'TimeoutError',
]);
