import type { PathFilter } from '@gangway/dockerfile';

/** Tells which paths the patterns of a project.toml match. */
export type PathMatcher = (path: string) => boolean;

/**
 * Reads `include` or `exclude` of a project.toml as pack does, whose reading differs from git's: each file is held against the
 * patterns by its whole path, and a directory's pattern matches what is in it.
 *
 * @see https://github.com/sabhiram/go-gitignore/blob/master/ignore.go
 */
export function pathMatcher(lines: readonly string[]): PathMatcher {
  const patterns = lines.flatMap((line) => compile(line) ?? []);
  return (path) => {
    let matches = false;
    for (const { pattern, negates } of patterns) if (pattern.test(path)) matches = !negates;
    return matches;
  };
}

/** What pack sends to a build, as the digest of a context reads it. */
export function packFilter({
  include,
  exclude,
}: {
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[] | undefined;
}): PathFilter {
  const included = include?.length ? pathMatcher(include) : () => true;
  const excluded = exclude?.length ? pathMatcher(exclude) : () => false;
  const ignores = (path: string) => excluded(path) || !included(path);
  // pack looks into every directory.
  return {
    ...{ ignores, leavesOut: ignores },
    look: (path) => ({ ignored: ignores(path), closed: false, matched: [] }),
  };
}

interface Pattern {
  readonly pattern: RegExp;
  readonly negates: boolean;
}

/** The steps, and their order, are go-gitignore's. */
function compile(text: string): Pattern | undefined {
  const untailed = text.replace(/\r+$/, '');
  if (untailed.startsWith('#')) return undefined;
  let line = untailed.replace(/^ +| +$/g, '');
  if (line === '') return undefined;
  const negates = line.startsWith('!');
  if (negates) line = line.slice(1);
  if (/^[#!]/.test(line)) line = line.slice(1);
  if (/([^/+])\/.*\*\./.test(line) && !line.startsWith('/')) line = `/${line}`;
  line = line.replaceAll('.', '\\.');
  if (line.startsWith('/**/')) line = line.slice(1);
  line = line
    .replaceAll('/**/', '(/|/.+/)')
    .replaceAll('**/', `(|.${STAR}/)`)
    .replaceAll('/**', `(|/.${STAR})`)
    .replaceAll('\\*', `\\${STAR}`)
    .replaceAll('*', '([^/]*)')
    .replaceAll('?', '\\?')
    .replaceAll(STAR, '*');
  const body = `${line}${line.endsWith('/') ? '(|.*)' : '(|/.*)'}$`;
  try {
    return {
      pattern: new RegExp(body.startsWith('/') ? `^(|/)${body.slice(1)}` : `^(|.*/)${body}`),
      negates,
    };
  } catch {
    // Go's reader passes over what it can't compile, too.
    return undefined;
  }
}

/** Stands for a star that is not one of a pattern anymore. */
const STAR = '#$~';
