import type { Declaration } from './declarations.ts';
import { NEED_NAMES, type NeedName, need } from './needs.ts';
import type { Selected } from './selection.ts';

/**
 * Says in which order test files begin, so that nothing waits while something else could run, and what runs long is not begun
 * last. First come the end-to-end files whose tools are there or come within a minute, then the unit tests, which fill what time
 * is left beside them, and last what waits for a program that is still being built: for the first to be seen to first, since a
 * file that waits keeps those after it from their turn. Of each kind, those that take minutes come first.
 *
 * @param settled the tools that are there, or can't be had
 */
export function inOrder(
  run: readonly Selected[],
  declared: ReadonlyMap<string, Pick<Declaration, 'takesMinutes'>>,
  isUnit: (file: string) => boolean,
  settled: Pick<ReadonlyMap<NeedName, unknown>, 'has'>,
): readonly string[] {
  const isLong = ({ file }: Selected) => declared.get(file)?.takesMinutes ?? false;
  const rank = ({ file, needs }: Selected) => {
    const coming = [...needs].filter((name) => !settled.has(name));
    const built = coming.filter((name) => need(name).slow).map((name) => NEED_NAMES.indexOf(name));
    if (built.length > 0) return 4 + Math.max(...built);
    if (isUnit(file)) return 3;
    if (coming.length > 0) return 2;
    return 1;
  };
  return run
    .toSorted((a, b) => rank(a) - rank(b) || Number(isLong(b)) - Number(isLong(a)))
    .map(({ file }) => file);
}
