const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of a duration as Go writes it, `1m30s`, or in nanoseconds.
 *
 * @param otherwise where nothing is said
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function goDuration(duration: string | number | undefined, otherwise: number): number {
  if (typeof duration === 'number') return duration / 1e6;
  const parts = [...(duration ?? '').matchAll(/([\d.]+)(ms|s|m|h)/g)];
  if (parts.length === 0) return otherwise;
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
}
