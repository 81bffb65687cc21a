import { forEachChild, parse, type SyntaxNode } from 'unbash';
import { masked } from '../model/expressions.ts';

/** Commands that set variables that are named by words. */
const NAMING = /^(read|mapfile|readarray|export|readonly|declare|typeset|local)$/;
/** Commands after which the shell may be any other: what they run is not in the script. */
const OPAQUE = /^(source|\.|eval|trap|pushd|popd|alias|exec|shift|getopts)$/;

/** Names of variables that a part of a script sets, also within conditions and loops. */
export function namesSetIn(text: string): Set<string> {
  const names = new Set<string>();
  walk(text, (node) => {
    if (node.type === 'For') names.add(node.name.value);
    if (node.type !== 'Command') return;
    const name = node.name?.value;
    for (const one of node.prefix) if (one.type === 'Assignment' && name === undefined) names.add(one.name);
    for (const one of node.suffix) {
      if (one.type === 'Assignment') names.add(one.name);
      else if (
        one.type === 'Word' &&
        name !== undefined &&
        NAMING.test(name) &&
        /^[A-Za-z_]\w*$/.test(one.value)
      )
        names.add(one.value);
    }
  });
  return names;
}

/** Whether a part leaves a shell behind of which nothing can be said: functions, sourced files, `eval`. */
export function isOpaque(text: string): boolean {
  let found = false;
  walk(text, (node) => {
    if (node.type === 'Function') found = true;
    if (node.type === 'Command' && OPAQUE.test(node.name?.value ?? '')) found = true;
  });
  return found;
}

/** Whether a part runs a command and puts what it says into a word. */
export function substitutes(text: string): boolean {
  let found = false;
  walk(text, (node) => {
    if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') found = true;
  });
  return found;
}

function walk(text: string, look: (node: SyntaxNode) => void): void {
  const visit = (node: SyntaxNode): void => {
    look(node);
    forEachChild(node, visit);
  };
  visit(parse(masked(text)));
}
