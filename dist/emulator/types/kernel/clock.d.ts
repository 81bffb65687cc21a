/** The cloud's time. Tests may stop it and move it; what waits on it then wakes without real time passing. */
export interface Clock {
    /** Milliseconds since the epoch. */
    now(): number;
    /** Resolves when `ms` have passed on this clock. */
    wait(ms: number): Promise<void>;
}
export interface ManualClock extends Clock {
    advance(ms: number): void;
}
/** A clock that is so many milliseconds ahead of the system's: the one that is given, which is moved where it can be, else a new one. */
export declare function clockAhead(given: Clock | undefined, ahead: number): Clock;
/** The system's time and what it was moved forward by: it goes on by itself, and what waits on it wakes early when it is moved. */
export declare function movableClock(): ManualClock;
/** A clock that stands still until a test advances it. */
export declare function manualClock(start?: number): ManualClock;
/** RFC 3339 in UTC with nanoseconds, as Google's APIs print times. */
export declare function timestamp(ms: number): string;
