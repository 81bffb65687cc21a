import type { Declaration } from './declarations.ts';
import { type NeedName, need, withPrerequisites } from './needs.ts';

/** A test file that is to run, and what is prepared for it. */
export interface Selected {
  readonly file: string;
  /** In an order in which they can be prepared. */
  readonly needs: ReadonlySet<NeedName>;
  /** What some of its tests need and don't get in this run. */
  readonly without: ReadonlySet<NeedName>;
}

export interface Selection {
  readonly run: readonly Selected[];
  /** Files that are left to `npm run test:full`, with the tools that each is left for; none where it just takes minutes. */
  readonly left: ReadonlyMap<string, readonly NeedName[]>;
}

/**
 * Says which files run, and with which tools. What takes long is left out, unless everything is asked for, or files by their
 * path, or it is a tool that this machine has.
 *
 * @param everything for all files with all tools: `npm run test:full`, and files that were named
 * @param isThere whether a tool is on this machine's PATH
 */
export function select(
  files: ReadonlyMap<string, Declaration>,
  everything: boolean,
  isThere: (name: NeedName) => boolean,
): Selection {
  const leaves = (name: NeedName) => {
    const { slow = false, always = false } = need(name);
    return !everything && slow && (always || !isThere(name));
  };
  const run: Selected[] = [];
  const left = new Map<string, readonly NeedName[]>();
  for (const [file, { needs, some, takesMinutes }] of files) {
    const lacking = [...withPrerequisites(needs)].filter(leaves);
    if (lacking.length > 0 || (takesMinutes && !everything)) {
      left.set(file, lacking);
      continue;
    }
    const without = [...some].filter((name) => [...withPrerequisites([name])].some(leaves));
    const gets = [...needs, ...[...some].filter((name) => !without.includes(name))];
    run.push({ file, needs: withPrerequisites(gets), without: new Set(without) });
  }
  return { run, left };
}

/** All that the files of a selection need, in an order in which it can be prepared. */
export function needsOf(run: readonly Selected[]): Set<NeedName> {
  return withPrerequisites(run.flatMap(({ needs }) => [...needs]));
}
