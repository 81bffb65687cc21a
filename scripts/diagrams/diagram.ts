import { parse } from 'yaml';

/** A diagram as its file in docs/diagrams says: boxes on a grid, and arrows between neighbours. */
export interface Diagram {
  readonly title: string;
  /** For those who don't see it. */
  readonly description: string;
  readonly boxes: Readonly<Record<string, Box>>;
  readonly arrows: readonly Arrow[];
}

export interface Box {
  /** Column and row, from 0. */
  readonly at: readonly [column: number, row: number];
  readonly title: string;
  /** Lines below the title, two at most. */
  readonly text: readonly string[];
  /** Whether it is outside of what the diagram is about. */
  readonly plain?: boolean;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Whether the way is closed. */
  readonly refused?: boolean;
}

/**
 * @param text of a file in docs/diagrams
 * @throws Error when an arrow leads to no box, or to one that is no neighbour
 */
export function readDiagram(text: string): Diagram {
  const diagram = parse(text) as Diagram;
  for (const { from, to } of diagram.arrows) {
    const [a, b] = [diagram.boxes[from], diagram.boxes[to]];
    if (!a || !b) throw new Error(`The arrow from ${from} to ${to} leads to no box.`);
    if (Math.abs(a.at[0] - b.at[0]) + Math.abs(a.at[1] - b.at[1]) !== 1)
      throw new Error(`The boxes ${from} and ${to} are no neighbours.`);
  }
  return diagram;
}
