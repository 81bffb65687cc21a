/** Which port each listener of what was deployed has: the one from before the cloud was stopped. */
export class Ports {
  readonly #before: Map<string, number>;
  readonly #ports = new Map<string, number>();
  readonly #notice: (line: string) => void;

  /**
   * @param known ports from before, by what each is for
   * @param notice told when one can't be had again
   */
  constructor(
    known: ReadonlyMap<string, number> = new Map(),
    notice: (line: string) => void = console.error,
  ) {
    this.#before = new Map(known);
    this.#notice = notice;
  }

  /**
   * Opens a listener where it was before, else on a free port.
   *
   * @param what it is for, e.g. `gateway projects/p/locations/l/gateways/g`
   * @param open listens on a port; 0 is a free one
   */
  async open<T extends { readonly port: number }>(
    what: string,
    open: (port: number) => Promise<T>,
  ): Promise<T> {
    const before = this.#before.get(what);
    // Another of that name, which comes later, has nothing to do with it.
    this.#before.delete(what);
    let opened: T;
    try {
      opened = await open(before ?? 0);
    } catch (error) {
      if (before === undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      opened = await open(0);
      this.#notice(
        `Port ${before} of the ${what} is in use by another program: it answers on port ${opened.port} now.`,
      );
    }
    this.#ports.set(what, opened.port);
    return opened;
  }

  /** All that are known: those that were not opened again yet, too. */
  get all(): ReadonlyMap<string, number> {
    return new Map([...this.#before, ...this.#ports]);
  }
}
