/** Exit status: 0 done, 1 something is wrong with what was looked at, 2 wrong use, 130 interrupted. */
export type Status = 0 | 1 | 2 | 130;

/** Says how a command ended. */
export type End = (status: Status) => void;
