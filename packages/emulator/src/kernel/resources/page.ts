import type { Call } from '../http/call.ts';

/**
 * One page of a list, as `pageSize` and `pageToken` ask for it (https://google.aip.dev/158).
 *
 * @param most items of a page
 * @param usual those of a page of no size
 */
export function page<T>(
  call: Call,
  items: readonly T[],
  most: number,
  usual = most,
): { items: T[]; nextPageToken?: string } {
  const start = Number(Buffer.from(call.query.get('pageToken') ?? '', 'base64url').toString()) || 0;
  const end = start + Math.min(Number(call.query.get('pageSize')) || usual, most);
  const next = end < items.length && { nextPageToken: Buffer.from(String(end)).toString('base64url') };
  return { items: items.slice(start, end), ...next };
}
