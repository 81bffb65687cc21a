import type { ExposeOptions } from '../options.ts';
import { withoutSlash } from './template.ts';

/** Whether an operation is to be offered: included (or nothing is said about inclusion), and not excluded. */
export function exposes(options: ExposeOptions | undefined, path: string, tags: readonly string[]): boolean {
  const matches = (pattern: string): boolean => matchesPattern(pattern, path, tags);
  const included =
    options?.include === undefined || options.include.length === 0 || options.include.some(matches);
  return included && options?.exclude?.some(matches) !== true;
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
