import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for something, and no longer than so many milliseconds. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  if (!Number.isFinite(milliseconds)) return void (await work);
  const late = new AbortController();
  const giveUp = sleep(milliseconds, undefined, { signal: late.signal }).catch(() => undefined);
  await Promise.race([work, giveUp]).finally(() => late.abort());
}
