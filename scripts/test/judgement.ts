import { judgeFolder, linesOf } from '../judge/exchanges.ts';

/** What is said of the exchanges of a run. */
export interface Judgement {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

/** Judges what the tests have sent and been answered by Google's discovery documents, where these can be had. */
export function judgement(folder: string): Judgement {
  try {
    const verdict = judgeFolder(folder);
    return { lines: linesOf(verdict), isGood: verdict.violations.length === 0 };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      lines: [`Not judged: Google's discovery documents need python3, its pip and a package index: ${why}`],
      isGood: true,
    };
  }
}
