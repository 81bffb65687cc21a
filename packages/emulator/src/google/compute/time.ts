/** Milliseconds by which Google's clock on the wall is behind UTC there. */
const BEHIND = 8 * 3_600_000;

/** A time as Compute Engine prints it: RFC 3339 with the offset of California. */
export function printed(ms: number): string {
  return new Date(ms - BEHIND).toISOString().replace('Z', '-08:00');
}
