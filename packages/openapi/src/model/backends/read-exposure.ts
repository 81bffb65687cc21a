import type { ExposeOptions } from '../../options.ts';

/** Why a text is no pattern of operations, in words for a person. */
export interface ExposureFailure {
  readonly pattern: string;
  readonly problem: string;
}

/**
 * Reads which operations are offered: one pattern a text, a path (`/admin/**`) or a tag (`tag:NAME`), and a `!` in front
 * of those that are left out. What is neither would fit nothing, and an exclusion that fits nothing protects nothing.
 */
export function readExposure(patterns: readonly string[]): ExposeOptions | ExposureFailure {
  const wrong = patterns.find((pattern) => !/^!?(\/\S*|tag:\S(.*\S)?)$/.test(pattern));
  if (wrong !== undefined) return { pattern: wrong, problem: problemOf(wrong) };
  return {
    include: patterns.filter((pattern) => !pattern.startsWith('!')),
    exclude: patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
  };
}

function problemOf(pattern: string): string {
  const form = 'write a path that starts with /, or tag:NAME, and ! directly in front to leave it out';
  if (/^!?\s*[A-Za-z]+\s+\//.test(pattern)) return `a pattern is for all methods of a path; ${form}`;
  return form;
}
