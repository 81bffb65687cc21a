/** A line and a column, both from 1, as editors and annotations count them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds the positions of many paths (lists of keys) in one text; a path that is absent gets its nearest ancestor's. */
export type Locator = (paths: readonly (readonly string[])[]) => readonly Position[];

/** The paths sought, as a tree, so that one pass over the text finds all of them. */
export interface Sought {
  readonly children: Map<string, Sought>;
  offset: number | undefined;
}

/** Builds the tree of sought paths, and the list of leaves in the order of the paths. */
export function seek(paths: readonly (readonly string[])[]): {
  readonly root: Sought;
  readonly chains: readonly (readonly Sought[])[];
} {
  const root: Sought = { children: new Map(), offset: 0 };
  const chains = paths.map((keys) => {
    const chain = [root];
    let at = root;
    for (const key of keys) {
      let next = at.children.get(key);
      if (next === undefined) {
        next = { children: new Map(), offset: undefined };
        at.children.set(key, next);
      }
      chain.push(next);
      at = next;
    }
    return chain;
  });
  return { root, chains };
}

/** The offset of each chain's deepest node that was found, turned into lines and columns. */
export function positionsOf(text: string, chains: readonly (readonly Sought[])[]): readonly Position[] {
  const offsets = chains.map((chain) => chain.findLast((node) => node.offset !== undefined)?.offset ?? 0);
  const positions = new Map<number, Position>();
  let line = 1;
  let lineStart = 0;
  let newline = text.indexOf('\n');
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    while (newline >= 0 && newline < offset) {
      line += 1;
      lineStart = newline + 1;
      newline = text.indexOf('\n', lineStart);
    }
    positions.set(offset, { line, column: offset - lineStart + 1 });
  }
  return offsets.map((offset) => positions.get(offset) ?? { line: 1, column: 1 });
}

/** The position of one offset. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
