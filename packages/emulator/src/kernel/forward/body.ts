import type { IncomingMessage } from 'node:http';

const REPLAYABLE = 1024 * 1024;

/** A body is larger than may be passed on. */
export class BodyTooLong extends Error {}

/**
 * A request's body, streamed, that can be sent a second time as long as it is small: a retry needs what the first attempt took.
 */
export class RequestBody {
  readonly #source: AsyncIterator<Buffer>;
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #replayable = true;
  #ended = false;
  #pulling: Promise<void> | undefined;

  /** @param limit bytes that it may have */
  constructor(request: IncomingMessage, limit = Number.POSITIVE_INFINITY) {
    this.#source = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    this.#limit = limit;
  }

  /** Whether `chunks` may be asked for again. */
  get replayable(): boolean {
    return this.#replayable;
  }

  /**
   * The body from its start. Once it has grown large it is not kept, and there is no second time.
   * @throws BodyTooLong
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
    if (this.#bytes > this.#limit) throw new BodyTooLong();
  }
}
