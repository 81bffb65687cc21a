import { cancellation } from '@gangway/action';
import { openWeb, reach } from '@gangway/google-cloud';

/** Milliseconds that one try may take, from the first byte to the last. */
const PATIENCE = 120_000;
/** Milliseconds after which no other try is made. */
const DEADLINE = 15_000;

/**
 * Downloads a file that anyone may have: no credentials are sent, redirects are followed, and passing failures are tried again.
 *
 * @param limit the most bytes that it may have
 * @throws Error in a few words
 */
export function download(url: string, limit: number): Promise<Buffer> {
  const { host } = new URL(url);
  return reach(() => once(url, limit), `GET ${host}`, { deadline: DEADLINE, signal: cancellation });
}

async function once(url: string, limit: number): Promise<Buffer> {
  const late = AbortSignal.timeout(PATIENCE);
  try {
    const response = await openWeb(url, { signal: AbortSignal.any([cancellation, late]) });
    const { status, ok, body } = response;
    if (!ok) throw Object.assign(new Error(`the answer is ${status}`), { response: { status } });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body ?? []) {
      size += chunk.length;
      if (size > limit) throw new Error(`it is larger than ${limit / (1 << 20)} MiB`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  } catch (error) {
    if (late.aborted) throw new Error(`it takes longer than ${PATIENCE / 1000} s`);
    throw error;
  }
}
