interface Pattern {
  readonly matches: RegExp;
  readonly excludes: boolean;
}

/**
 * Tells which paths of a build context a `.dockerignore` keeps from the builder: the last pattern that matches the
 * path, or a directory it lies in, decides.
 *
 * @param text of the file
 * @returns takes a path relative to the context, with slashes
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function readDockerignore(text: string): (path: string) => boolean {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '!')
    .map(parse);
  return (path) => {
    const parents = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
    return patterns.reduce(
      (ignored, { matches, excludes }) => (parents.some((name) => matches.test(name)) ? excludes : ignored),
      false,
    );
  };
}

function parse(line: string): Pattern {
  const excludes = !line.startsWith('!');
  const path = (excludes ? line : line.slice(1))
    .trim()
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  return { excludes, matches: new RegExp(`^${source(path)}$`) };
}

/** Go's filepath.Match, and `**` for any number of directories. */
function source(path: string): string {
  return path.replace(
    /\*\*\/?|\*|\?|\[(\^?)((?:\\.|[^\]\\])+)\]|\\(.)|[.+^${}()|\\/]/g,
    (token, negated: string | undefined, set: string | undefined, escaped: string | undefined) => {
      if (token.startsWith('**')) return token.endsWith('/') ? '(?:.*/)?' : '.*';
      if (token === '*') return '[^/]*';
      if (token === '?') return '[^/]';
      if (set !== undefined) return `[${negated ? '^' : ''}${set}]`;
      return escaped === undefined ? `\\${token}` : escaped.replace(/\W/, '\\$&');
    },
  );
}
