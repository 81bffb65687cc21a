import { letters } from '../../api/own.ts';

/**
 * A name as Cloud Run makes them, SERVICE-00007-abc, with letters enough that no other run finds the same.
 *
 * @param owner the service or worker pool
 * @param latest the name of its latest revision
 */
export function nextName(owner: string, latest = ''): string {
  const last = Number(/-(\d{5})-\w+$/.exec(latest)?.[1] ?? 0);
  return `${owner}-${String(last + 1).padStart(5, '0')}-${letters(5)}`;
}
