import { setTimeout as sleep } from 'node:timers/promises';

/** The cloud's time. Tests may stop it and move it; what waits on it then wakes without real time passing. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when `ms` have passed on this clock. */
  wait(ms: number): Promise<void>;
}

function systemClock(): Clock {
  return { now: Date.now, wait: (ms) => sleep(ms, undefined, { ref: false }) };
}

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** A clock that is so many milliseconds ahead of the system's: the one that is given, which is moved where it can be, else a new one. */
export function clockAhead(given: Clock | undefined, ahead: number): Clock {
  const clock = given ?? (ahead === 0 ? systemClock() : movableClock());
  const lacking = ahead - Math.round((clock.now() - Date.now()) / 1000) * 1000;
  if (lacking > 0 && 'advance' in clock) (clock as ManualClock).advance(lacking);
  return clock;
}

/** The system's time and what it was moved forward by: it goes on by itself, and what waits on it wakes early when it is moved. */
export function movableClock(): ManualClock {
  let ahead = 0;
  const waiting = new Set<() => void>();
  const now = () => Date.now() + ahead;
  return {
    now,
    wait: (ms) =>
      new Promise((resolve) => {
        const until = now() + ms;
        let timer: NodeJS.Timeout | undefined;
        const look = () => {
          clearTimeout(timer);
          const left = until - now();
          if (left > 0) {
            // A timer takes 2^31 - 1 milliseconds at most.
            timer = setTimeout(look, Math.min(left, 2 ** 31 - 1));
            timer.unref();
            return;
          }
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    advance(ms) {
      ahead += ms;
      for (const look of waiting) look();
    },
  };
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
