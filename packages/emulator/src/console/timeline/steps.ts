/** Milliseconds without a request after which a program that does not name its runs counts as run again. */
const PAUSE = 10_000;

/** Tells which requests were sent by the same run of a program: a step of a pipeline, as a person sees it. */
export class Steps {
  readonly #steps = new Map<string, { readonly number: number; last: number }>();
  #last = 0;

  /**
   * The step that a request is of, counted from 1.
   *
   * @param run what the requests of one run have in common
   * @param begun when it was sent, and `ended` when it was answered, in milliseconds
   */
  of(run: string, begun: number, ended: number): number {
    const known = this.#steps.get(run);
    if (known && begun - known.last < PAUSE) {
      known.last = Math.max(known.last, ended);
      return known.number;
    }
    this.#last += 1;
    this.#steps.set(run, { number: this.#last, last: ended });
    return this.#last;
  }
}
