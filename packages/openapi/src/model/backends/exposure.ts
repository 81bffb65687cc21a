import type { ExposeOptions } from '../../options.ts';
import { withoutSlash } from '../routes/template.ts';

/** Which operations are offered, and which patterns none of them fits. */
export interface Exposure {
  /** Whether an operation is to be offered: included (or nothing is said about inclusion), and not excluded. */
  readonly exposes: (path: string, tags: readonly string[]) => boolean;
  /** The patterns that fitted nothing they were asked about. */
  readonly unmatched: () => { readonly include: readonly string[]; readonly exclude: readonly string[] };
}

/** Applies the patterns, and remembers which of them did anything. */
export function exposure({ include = [], exclude = [] }: ExposeOptions = {}): Exposure {
  const unmatched = { include: new Set(include), exclude: new Set(exclude) };
  const matches = (kind: 'include' | 'exclude', path: string, tags: readonly string[]): boolean => {
    const fitting = (kind === 'include' ? include : exclude).filter((pattern) =>
      matchesPattern(pattern, path, tags),
    );
    for (const pattern of fitting) unmatched[kind].delete(pattern);
    return fitting.length > 0;
  };
  return {
    exposes: (path, tags) => {
      const included = matches('include', path, tags) || include.length === 0;
      return !matches('exclude', path, tags) && included;
    },
    unmatched: () => ({ include: [...unmatched.include], exclude: [...unmatched.exclude] }),
  };
}

function matchesPattern(pattern: string, path: string, tags: readonly string[]): boolean {
  if (pattern.startsWith('tag:')) return tags.includes(pattern.slice('tag:'.length));
  const source = withoutSlash(pattern)
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\/]/g, '\\$&'),
    )
    .join('');
  // `/admin/**` means /admin as well.
  return new RegExp(`^${source.replace(/\\\/\.\*$/, '(?:/.*)?')}$`).test(
    withoutSlash(path.replace(/=\*\*?\}/, '}')),
  );
}
