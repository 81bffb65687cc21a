import type { CheckConfig } from './config.ts';

/** One run of a machine, from its start to the exit of its main process. */
export interface Run {
  /** Resolves when the main process has ended. */
  readonly exited: Promise<Exit>;
  /** The port on 127.0.0.1 behind which a port of the machine is; undefined where nothing is. */
  port(internal: number): number | undefined;
  signal(name: string): Promise<void>;
  /** Carries out a health check once. */
  probe(check: CheckConfig): Promise<ProbeResult>;
  exec(
    command: readonly string[],
    seconds: number,
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  processes(): Promise<readonly Process[]>;
  /** Freezes and thaws. */
  pause(paused: boolean): Promise<void>;
  /** Frees what an ended run holds. */
  remove(): Promise<void>;
}

/** How a machine's main process ended. */
export interface Exit {
  readonly code: number;
  readonly oomKilled: boolean;
}

/** A process in a machine, as `ps` shows it. */
export interface Process {
  readonly pid: number;
  readonly command: string;
  readonly listen_sockets: readonly { readonly proto: string; readonly address: string }[];
}

/** What a health check found. */
export interface ProbeResult {
  readonly passing: boolean;
  readonly output: string;
}
