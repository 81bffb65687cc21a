const UNITS: Readonly<Record<string, number>> = {
  ...{ us: 0.001, ms: 1, '': 1000, s: 1000, sec: 1000, second: 1000, seconds: 1000 },
  ...{
    m: 60_000,
    min: 60_000,
    minute: 60_000,
    minutes: 60_000,
    h: 3_600_000,
    hr: 3_600_000,
    hour: 3_600_000,
    hours: 3_600_000,
  },
  ...{ d: 86_400_000, day: 86_400_000, days: 86_400_000 },
};

/** Milliseconds of a time span such as `5min 20s`; a number alone is seconds (https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html). */
export function spanOf(text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (text === 'infinity' || text === '0') return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g))
    sum += Number(number) * (UNITS[unit] ?? Number.NaN);
  return Number.isNaN(sum) ? usual : sum;
}
