import { judgeFolder, linesOf } from '../judge/exchanges.ts';

/**
 * Judges what the tests have sent and been answered by Google's discovery documents, where these can be had.
 *
 * @returns what is said of it; it fails no run while the kinds that are known are not all put right
 */
export function judgement(folder: string): readonly string[] {
  try {
    return linesOf(judgeFolder(folder));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`Not judged: Google's discovery documents need python3, its pip and a package index: ${why}`];
  }
}
