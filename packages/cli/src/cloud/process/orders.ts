import type { Fault, Planted, Resources, Seed, Snapshot, WrittenLine } from '@gangway/emulator';

/** What a running local cloud does when it is told to, by name: what it is given, and what it answers. */
export interface Orders {
  status: [Record<never, never>, Status];
  resources: [Record<never, never>, Resources];
  snapshot: [Record<never, never>, Snapshot];
  requests: [{ after: number }, { requests: readonly Request[]; next: number }];
  logs: [{ service?: string; after: number }, { lines: readonly WrittenLine[]; next: number }];
  reset: [Record<never, never>, Status];
  advance: [{ milliseconds: number }, { now: number }];
  fault: [FaultOrder, { faults: readonly DueFault[] }];
  faults: [Record<never, never>, { faults: readonly DueFault[] }];
  'clear-faults': [Record<never, never>, { cleared: number }];
  seed: [Seed, Planted];
  'request-tokens': [
    { claims: Readonly<Record<string, string>>; environments: readonly string[] },
    Readonly<Record<string, string>>,
  ];
  'account-key': [{ email?: string }, { key: string }];
  environment: [Record<never, never>, Readonly<Record<string, string>>];
  /** Whether it ends with the process that started it. */
  leased: [Record<never, never>, { leased: boolean }];
  keep: [Record<never, never>, Record<never, never>];
  stop: [Record<never, never>, Record<never, never>];
}

export interface Status {
  readonly origin: string;
  readonly project: string;
  readonly projectNumber: string;
  readonly repository: string;
  readonly now: number;
  readonly requests: number;
  readonly faults: number;
  /** Where containers run; absent without a Docker engine. */
  readonly dockerHost?: string;
}

export interface Request {
  readonly time: number;
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly agent: string;
}

/** A fault as it is asked for: that of the local cloud, its pattern as text. */
export type FaultOrder = Omit<Fault, 'match'> & { readonly match: string };

export interface DueFault extends FaultOrder {
  /** How many requests are still to meet it. */
  readonly left: number;
}
