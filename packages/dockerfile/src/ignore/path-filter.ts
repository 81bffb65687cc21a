import { compilePattern, type Pattern } from './pattern.ts';

/** Which patterns matched a directory, for the paths in it. */
export type Matched = readonly boolean[];

/** Tells what of a build context is sent. Walk it from the top, and hand each directory's `matched` to what it holds. */
export interface PathFilter {
  /**
   * @param path relative to the context, with slashes
   * @param parent `matched` of the directory it lies in; none at the top
   */
  look(
    path: string,
    parent?: Matched,
  ): {
    /** Whether it is left out. A directory left out is sent all the same when something in it is sent. */
    readonly ignored: boolean;
    /** Whether no exception can keep anything in it, were it a directory. */
    readonly closed: boolean;
    readonly matched: Matched;
  };
  /** Whether what is no directory is left out: as `look` says, which takes longer. */
  leavesOut(path: string, parent?: Matched): boolean;
  /** Whether a path is left out, asked for alone. */
  ignores(path: string): boolean;
}

/**
 * Makes a filter of the patterns of an ignore file: the last one that matches a path, or a directory it lies in,
 * decides.
 *
 * @param patterns of `readIgnoreFile`
 * @throws DockerfileError for a pattern that can't be read
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function createPathFilter(patterns: readonly string[]): PathFilter {
  const compiled = patterns.map(compilePattern);
  const exceptions = compiled.filter(({ exception }) => exception);
  // Where an exception has wildcards, BuildKit looks into every directory.
  const literal = exceptions.every(({ path }) => !/[*[\]?^\\]/.test(fixedPart(path)));

  const look = (path: string, parent?: Matched) => {
    let ignored = false;
    // One that could change nothing is not asked, which what lies in a directory depends on.
    const matched = compiled.map((pattern, index) => {
      const match = parent?.[index] || (pattern.exception === ignored && pattern.matches(path));
      if (match) ignored = !pattern.exception;
      return match;
    });
    const closed = ignored && literal && !exceptions.some((pattern) => mayKeepIn(pattern, path));
    return { ignored, closed, matched };
  };
  return {
    look,
    leavesOut(path, parent) {
      let ignored = false;
      for (let index = 0; index < compiled.length; index++) {
        const pattern = compiled[index];
        if (pattern && (parent?.[index] || (pattern.exception === ignored && pattern.matches(path))))
          ignored = !pattern.exception;
      }
      return ignored;
    },
    ignores(path) {
      const parts = path.split('/');
      let parent: Matched | undefined;
      let ignored = false;
      for (const [index] of parts.entries()) {
        const looked = look(parts.slice(0, index + 1).join('/'), parent);
        ({ ignored } = looked);
        if (ignored && looked.closed) return true;
        parent = looked.matched;
      }
      return ignored;
    },
  };
}

function mayKeepIn({ path }: Pattern, directory: string): boolean {
  return `${fixedPart(path)}/`.startsWith(`${directory}/`);
}

/** A pattern without the wildcards that it ends with. */
function fixedPart(path: string): string {
  return path.replace(/\/\*\*$/, '').replace(/\/\*$/, '');
}
