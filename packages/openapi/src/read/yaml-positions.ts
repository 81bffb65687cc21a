import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { type Locator, type Position, positionsOf, type Sought, seek } from './positions.ts';

/** Positions in YAML text, from the nodes of its parsed document. What comes through a merge key has its map's place. */
export function yamlLocator(text: string, document: Document): Locator {
  return (paths): readonly Position[] => {
    const { root, chains } = seek(paths);
    visit(document, document.contents, root);
    return positionsOf(text, chains);
  };
}

function visit(document: Document, node: unknown, sought: Sought): void {
  const target = isAlias(node) ? node.resolve(document) : (node as Node | null);
  if (isMap(target)) {
    for (const pair of target.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
      const child = key === undefined ? undefined : sought.children.get(key);
      if (child === undefined) continue;
      child.offset = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      visit(document, pair.value, child);
    }
  } else if (isSeq(target)) {
    for (const [key, child] of sought.children) {
      const item = target.items[Number(key)] as Node | undefined;
      if (item === undefined) continue;
      child.offset = item.range?.[0];
      visit(document, item, child);
    }
  }
}
