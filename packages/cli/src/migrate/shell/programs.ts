import { forEachChild, parse, type SyntaxNode } from 'unbash';

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
  visit(parse(text.replace(/\$\{\{[\s\S]*?\}\}/g, (whole) => 'e'.repeat(whole.length))));
  return programs;
}
