/** What goes wrong with machines on request. Each is about the machines of a process group, or about all. */
export interface Disturbance {
  /** e.g. `app`, `fly_app_release_command` */
  readonly group?: string;
  /** Only that machine. */
  readonly machine?: string;
  /** Starts that are disturbed; default every one. */
  readonly times?: number;
  /** The main process ends so, right after its start. */
  readonly exit?: { readonly code: number; readonly oomKilled?: boolean };
  /** Checks never pass, and say this. */
  readonly checks?: string;
  /** The machine can't be started, for this reason. */
  readonly failure?: string;
  /** What the API says of its host: `unreachable` or `unknown`. */
  readonly hostStatus?: string;
  /** Answers a GraphQL query whose text has `text` in it with this body. */
  readonly query?: { readonly text: string; readonly body: unknown };
  /** Once destroyed the machine is not found any more, as if it had been collected early. */
  readonly vanishes?: boolean;
}

/** Faults inside machines; those of the API itself are {@link Faults}. */
export class Disturbances {
  readonly #all: { readonly disturbance: Disturbance; left: number }[] = [];

  add(disturbance: Disturbance): void {
    this.#all.push({ disturbance, left: disturbance.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#all.length = 0;
  }

  /** What disturbs a start; it counts as used. */
  take(kind: 'exit' | 'failure', group: string, machine: string): Disturbance | undefined {
    const entry = this.#find(kind, group, machine);
    if (entry) entry.left -= 1;
    return entry?.disturbance;
  }

  /** What disturbs a machine as long as it is not cleared. */
  of(kind: 'checks' | 'hostStatus' | 'vanishes', group: string, machine: string): Disturbance | undefined {
    return this.#find(kind, group, machine)?.disturbance;
  }

  /** What a GraphQL query is answered instead; it counts as used. */
  ofQuery(query: string): unknown {
    const entry = this.#all.find(
      ({ disturbance, left }) => left > 0 && disturbance.query && query.includes(disturbance.query.text),
    );
    if (entry) entry.left -= 1;
    return entry?.disturbance.query?.body;
  }

  #find(kind: keyof Disturbance, group: string, machine: string) {
    return this.#all.find(
      ({ disturbance, left }) =>
        left > 0 &&
        disturbance[kind] !== undefined &&
        (disturbance.group === undefined || disturbance.group === group) &&
        (disturbance.machine === undefined || disturbance.machine === machine),
    );
  }
}
