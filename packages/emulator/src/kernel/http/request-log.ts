import type { AnsweredRequest } from './answered-request.ts';

/** How many requests are kept: some tens of megabytes. */
const KEPT = 100_000;

/** The last requests that were answered. A local cloud may run for weeks: those before them are forgotten. */
export class RequestLog {
  /** Oldest first. */
  readonly recent: AnsweredRequest[] = [];
  readonly #kept: number;
  #forgotten = 0;

  /** @param kept how many are kept at least; up to a tenth more for a while */
  constructor(kept: number = KEPT) {
    this.#kept = kept;
  }

  /** How many were answered so far. */
  get count(): number {
    return this.#forgotten + this.recent.length;
  }

  add(request: AnsweredRequest): void {
    this.recent.push(request);
    const tooMany = this.recent.length - this.#kept;
    // Moving what stays takes time: not for each request.
    if (tooMany < this.#kept / 10) return;
    this.recent.splice(0, tooMany);
    this.#forgotten += tooMany;
  }

  /** Those that came after the first `count`, as far as they are kept. */
  after(count: number): readonly AnsweredRequest[] {
    return this.recent.slice(Math.max(0, count - this.#forgotten));
  }
}
