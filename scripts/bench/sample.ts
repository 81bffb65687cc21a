/** Milliseconds of each round. */
export type Sample = readonly number[];

/** Runs `round` once to warm up where there are several, then as often as asked. */
export async function sample(rounds: number, round: () => Promise<number>): Promise<Sample> {
  if (rounds > 1) await round();
  const times: number[] = [];
  for (let index = 0; index < rounds; index += 1) times.push(await round());
  return times;
}

export function median(times: Sample): number {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}
