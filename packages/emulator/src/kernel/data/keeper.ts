/** Milliseconds from a change to when it is saved, and between looks for changes that no request made. */
const SOON = 250;
const CALM = 5000;
/** How long after a request something may still be under way that it began. */
const RESTLESS = 60_000;

/** Saves again and again what a cloud has: soon after each request, and seldom while none comes. */
export class Keeper {
  readonly #save: () => void;
  #timer: NodeJS.Timeout;
  #last = Date.now();
  #isStopped = false;

  /** @param save does nothing when nothing has changed */
  constructor(save: () => void) {
    this.#save = save;
    this.#timer = this.#after(SOON);
  }

  /** Says that something may have changed. */
  touch(): void {
    this.#last = Date.now();
    if (this.#isStopped) return;
    // A look that comes soon anyway is not put off by the next request.
    if (this.#wait <= SOON) return;
    clearTimeout(this.#timer);
    this.#timer = this.#after(SOON);
  }

  /** Saves for the last time. @throws Error where it can't */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#save();
  }

  #wait = SOON;

  #after(wait: number): NodeJS.Timeout {
    this.#wait = wait;
    const timer = setTimeout(() => {
      try {
        this.#save();
      } catch (error) {
        console.error(`The local cloud can't save its data: ${(error as Error).message}`);
      }
      if (this.#isStopped) return;
      this.#timer = this.#after(Date.now() - this.#last < RESTLESS ? 2 * SOON : CALM);
    }, wait);
    timer.unref();
    return timer;
  }
}
