/** What a builder said about its work. */
export interface BuildReport {
  /** The instructions of the Dockerfile that it went through, in their order. */
  readonly steps: readonly BuildStep[];
  /** What Dockerfile checks found (https://docs.docker.com/build/checks/). */
  readonly checks: readonly Check[];
  /** The instruction that failed, if it was one. */
  readonly failure: Failure | undefined;
  /** Line of the Dockerfile that the builder itself points at. */
  readonly line: number | undefined;
  /** Ids of the images that the classic builder made of the stages, by their names. */
  readonly images?: ReadonlyMap<string, string>;
  /** What went wrong with caches, which fails no build. */
  readonly cacheErrors?: readonly { readonly cache: string; readonly reason: string }[];
}

export interface BuildStep {
  /** Name of the stage, with its platform where there are several; empty for one without a name. */
  readonly stage: string;
  /** The instruction as the builder shows it: `RUN npm ci`. */
  readonly instruction: string;
  /** Its number in the stage and how many the builder counts there; of the classic builder, in the whole file. */
  readonly position: readonly [index: number, count: number];
  readonly milliseconds: number;
  readonly cached: boolean;
}

export interface Failure {
  readonly step: BuildStep;
  /** What went wrong: `exit code: 7`. */
  readonly reason: string;
  /** What the instruction printed. */
  readonly output: string;
}

export interface Check {
  /** e.g. `JSONArgsRecommended`. */
  readonly rule: string;
  readonly message: string;
  readonly line: number;
}

/** Whether a step is one that a cache can spare: finding a base image and declaring an argument are none. */
export function isWork({ instruction }: BuildStep): boolean {
  return !/^(FROM|ARG) /i.test(instruction);
}

/** Reads a builder's output as it comes. */
export interface ProgressReader {
  /** Takes what was printed next, and the time in milliseconds. */
  take(text: string, now: number): void;
  /** What was found in all of it. */
  end(now: number): BuildReport;
}
