import { FAULTS } from './proxy.ts';

/** One run of the fault matrix. */
export interface Cell {
  /** A key of FAULTS. */
  readonly kind: string;
  /** Number of the request that meets it, from 0. */
  readonly at: number;
  /** How many requests of its method and path meet it, from that one on. */
  readonly times: number;
}

const TIMES = [1, 99];

/**
 * Takes cells so that every request is met before one is met twice, and every kind used before one is used twice; the same
 * ones for the same seed.
 *
 * @param places numbers of the requests to spoil
 * @param size how many cells to take; there may be fewer
 * @param turn the kind to begin with: samples that take their turns one after another use up all kinds
 */
export function sample(places: readonly number[], size: number, seed: number, turn: number): Cell[] {
  const kinds = shuffled(Object.keys(FAULTS), generator(seed));
  const inTurn = kinds.map((_, index) => kinds[(index + turn) % kinds.length] ?? '');
  const random = generator(seed + 7919 * (turn + 1));
  const used = new Map<string | number, number>();
  const count = (key: string | number) => used.get(key) ?? 0;
  const open = shuffled(places, random).map((at) => ({
    at,
    left: new Map(inTurn.map((kind) => [kind, shuffled(TIMES, random)])),
  }));
  const taken: Cell[] = [];
  while (taken.length < size) {
    const place = least(
      open.filter(({ left }) => left.size > 0),
      ({ at }) => count(at),
    );
    if (!place) break;
    const kind = least([...place.left.keys()], count) ?? '';
    const [times = 1, ...others] = place.left.get(kind) ?? [];
    if (others.length > 0) place.left.set(kind, others);
    else place.left.delete(kind);
    for (const key of [place.at, kind]) used.set(key, count(key) + 1);
    taken.push({ kind, at: place.at, times });
  }
  return taken;
}

/** How many cells there are. */
export function cellCount(places: readonly number[]): number {
  return places.length * Object.keys(FAULTS).length * TIMES.length;
}

/** The first of those for which the number is least. */
function least<T>(items: readonly T[], of: (item: T) => number): T | undefined {
  const [first, ...others] = items;
  if (first === undefined) return undefined;
  return others.reduce((best, item) => (of(item) < of(best) ? item : best), first);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
