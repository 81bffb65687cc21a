/** The last of what is added. A local cloud may run for weeks: what came before them is forgotten. */
export class Recent<T> {
  /** Oldest first. */
  readonly recent: T[] = [];
  readonly #kept: number;
  #forgotten = 0;

  /** @param kept how many are kept at least; up to a tenth more for a while */
  constructor(kept: number) {
    this.#kept = kept;
  }

  /** How many were added so far. */
  get count(): number {
    return this.#forgotten + this.recent.length;
  }

  add(one: T): void {
    this.recent.push(one);
    const tooMany = this.recent.length - this.#kept;
    // Moving what stays takes time: not for each one.
    if (tooMany < this.#kept / 10) return;
    this.recent.splice(0, tooMany);
    this.#forgotten += tooMany;
  }

  /** Those that came after the first `count`, as far as they are kept. */
  after(count: number): readonly T[] {
    return this.recent.slice(Math.max(0, count - this.#forgotten));
  }
}
