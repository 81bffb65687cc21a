/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  /** The exit code: of one that a signal ended 128 and its number, as a shell has it. */
  readonly ended: Promise<number>;
  /** Sends a signal, such as `TERM`, to it and all that it has started. */
  signal(name: string): Promise<void>;
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** By name or number; default root. */
  readonly user?: string;
  readonly group?: string;
  /** Gets each line that it writes. */
  readonly onLine?: (line: string) => void;
}

/** The inside of a machine, as far as commands can be run there. */
export interface Shell {
  /** Runs a command to its end. */
  run(words: readonly string[], options?: Options): Promise<Outcome>;
  /** Starts a command that may go on for long. */
  start(words: readonly string[], options?: Options): Running;
  /** Text of a file; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** Writes a file, and the folders that it is in. */
  write(path: string, content: Buffer | string, how?: WriteOptions): Promise<void>;
}

export interface WriteOptions {
  readonly mode?: number;
  /** `user` or `user:group` */
  readonly owner?: string;
  readonly append?: boolean;
}
