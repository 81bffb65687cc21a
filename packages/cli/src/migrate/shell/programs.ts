import { forEachChild, parse, type SyntaxNode } from 'unbash';
import { masked } from '../model/expressions.ts';

/** A program that a script runs, with the words after it that are plain: `gcloud`, `run deploy`. */
export interface Program {
  readonly name: string;
  readonly words: readonly string[];
}

/** Every program that a script runs, also within conditions, loops and substitutions. */
export function programsIn(text: string): Program[] {
  const programs: Program[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command' && node.name)
      programs.push({
        name: node.name.value.replace(/^.*\//, ''),
        words: node.suffix.flatMap((word) => (word.type === 'Word' ? [word.value] : [])),
      });
    forEachChild(node, visit);
  };
  visit(parse(masked(text)));
  return programs;
}
