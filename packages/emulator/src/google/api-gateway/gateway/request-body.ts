import type { IncomingMessage } from 'node:http';
import { Rejection } from './rejection.ts';

const MAX_BYTES = 32 * 1024 * 1024;
const REPLAYABLE = 1024 * 1024;

/**
 * A request's body, streamed, that can be sent a second time as long as it is small: a retry needs what the
 * first attempt took.
 */
export class RequestBody {
  readonly #source: AsyncIterator<Buffer>;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #replayable = true;
  #ended = false;
  #pulling: Promise<void> | undefined;

  constructor(request: IncomingMessage) {
    this.#source = request[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Whether `chunks` may be asked for again. */
  get replayable(): boolean {
    return this.#replayable;
  }

  /**
   * The body from its start. Once it has grown large it is not kept, and there is no second time.
   * @throws Rejection 413 beyond 32 MB (https://cloud.google.com/api-gateway/docs/quotas)
   */
  async *chunks(): AsyncGenerator<Buffer> {
    let index = 0;
    while (true) {
      const chunk = this.#chunks[index];
      if (chunk) {
        index += 1;
        yield chunk;
        if (this.#bytes <= REPLAYABLE) continue;
        this.#replayable = false;
        this.#chunks = this.#chunks.slice(index);
        index = 0;
      } else if (this.#ended) return;
      else await this.#pull();
    }
  }

  /** An abandoned attempt may still wait for a chunk that its successor needs: they wait for the same one. */
  #pull(): Promise<void> {
    this.#pulling ??= this.#next().finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #next(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done) {
      this.#ended = true;
      return;
    }
    this.#chunks.push(value);
    this.#bytes += value.length;
    if (this.#bytes > MAX_BYTES) throw new Rejection(413, 'Payload Too Large');
  }
}
