import { setTimeout as sleep } from 'node:timers/promises';

/** The cloud's time. Tests may stop it and move it; what waits on it then wakes without real time passing. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when `ms` have passed on this clock. */
  wait(ms: number): Promise<void>;
}

export function systemClock(): Clock {
  return { now: Date.now, wait: (ms) => sleep(ms, undefined, { ref: false }) };
}

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** A clock that stands still until a test advances it. */
export function manualClock(start = Date.now()): ManualClock {
  let time = start;
  const waiting = new Set<{ until: number; wake: () => void }>();
  return {
    now: () => time,
    wait: (ms) =>
      new Promise((wake) => {
        waiting.add({ until: time + ms, wake });
      }),
    advance(ms) {
      time += ms;
      for (const entry of waiting) {
        if (entry.until > time) continue;
        waiting.delete(entry);
        entry.wake();
      }
    },
  };
}

/** RFC 3339 in UTC with nanoseconds, as Google's APIs print times. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/Z$/, '000000Z');
}
