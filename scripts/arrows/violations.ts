import type { Import } from './imports.ts';
import { isTestOnly, RULES } from './rules.ts';

/** What is wrong with the imports, two lines for each: where, what, the rule; and the way out. */
export function violations(imports: readonly Import[]): string[] {
  return [
    ...imports.flatMap((one) =>
      RULES.filter(({ breaks }) => breaks(one)).map(({ says, cure }) => told(one, says, cure)),
    ),
    ...bothWays(imports),
  ];
}

/** Imports between two rooms of an action that go there and back. */
function bothWays(imports: readonly Import[]): string[] {
  const between = imports.flatMap((one) => {
    const [from, to] = [roomOf(one.file), roomOf(one.target)];
    return from && to && from !== to && !isTestOnly(one.file) ? [{ one, from, to }] : [];
  });
  const ways = new Set(between.map(({ from, to }) => `${from} ${to}`));
  return between
    .filter(({ from, to }) => ways.has(`${to} ${from}`))
    .map(({ one, from, to }) =>
      told(
        one,
        `${to} imports ${from} too`,
        'move what both need into the earlier room, or into one of its own',
      ),
    );
}

/** The folder of an action that a file is in: `actions/fly-deploy/rollout`. */
function roomOf(path: string): string | undefined {
  return /^actions\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0];
}

function told({ file, line, specifier }: Import, says: string, cure: string): string {
  return `${file}:${line} imports ${specifier}, but ${says}.\n  To fix it: ${cure}.`;
}
