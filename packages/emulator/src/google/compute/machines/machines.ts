import type { WebFront } from '../../../contracts.ts';

/** What a probe asks: by HTTP, or by a connection alone. */
export interface Probe {
  readonly port: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly http?: { readonly path: string; readonly host: string | undefined };
}

/** What runs behind the instances. Each is named by its path within the project. */
export interface Machines {
  /** Begins to run an instance; how that goes is for its serial port to tell. */
  boot(path: string): void;
  /** Lets an instance shut down. */
  halt(path: string): Promise<void>;
  /** Ends an instance at once and boots it again. */
  reset(path: string): Promise<void>;
  /** Ends an instance, and removes what it kept. */
  remove(path: string): Promise<void>;
  /** Says that metadata, tags or addresses of an instance have changed. */
  changed(path: string): void;
  /** What was written to the serial port, and the number of its first byte that is kept. */
  serial(path: string): { readonly first: number; readonly bytes: Buffer };
  /** Whether an instance answers a probe. */
  probe(path: string, probe: Probe): Promise<boolean>;
  /** By `NAMESPACE/KEY`. */
  guestAttributes(path: string): ReadonlyMap<string, string>;
  /** Where instances answer by their external addresses, for clients of the cloud as a proxy. */
  readonly front: WebFront;
  /** What is left of what it made, as docker's commands name it: `container ID`. */
  readonly remains: readonly string[];
  /** Removes every machine. */
  close(): Promise<void>;
}
