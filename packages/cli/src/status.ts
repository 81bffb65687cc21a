/** Exit status: 0 done, 1 something is wrong with what was looked at, 2 wrong use. */
export type Status = 0 | 1 | 2;
