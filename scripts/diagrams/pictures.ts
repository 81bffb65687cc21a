import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readDiagram } from './diagram.ts';
import { svgOf, THEMES } from './svg.ts';

/** The pictures of docs/diagrams by their paths in the repository: `docs/diagrams/NAME-light.svg` and `-dark.svg`. */
export function pictures(root: string): Map<string, string> {
  const files = globSync('docs/diagrams/*.yaml', { cwd: root }).toSorted();
  return new Map(
    files.flatMap((file) => {
      const diagram = readDiagram(readFileSync(join(root, file), 'utf8'));
      return Object.entries(THEMES).map(([name, theme]): [string, string] => [
        `docs/diagrams/${basename(file, '.yaml')}-${name}.svg`,
        svgOf(diagram, theme),
      ]);
    }),
  );
}
