/** A number of each round. */
export type Sample = readonly number[];

/** Runs `round` once to warm up where there are several, then as often as asked. */
export async function sample<T>(rounds: number, round: () => Promise<T>): Promise<readonly T[]> {
  if (rounds > 1) await round();
  const results: T[] = [];
  for (let index = 0; index < rounds; index += 1) results.push(await round());
  return results;
}

export function median(numbers: Sample): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/** The median with the lowest and the highest: `1.20 s (1.10–1.35)`. */
export function spread(seconds: Sample): string {
  const [low, high] = [Math.min(...seconds).toFixed(2), Math.max(...seconds).toFixed(2)];
  return `${median(seconds).toFixed(2)} s${low === high ? '' : ` (${low}–${high})`}`;
}
