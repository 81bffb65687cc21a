import { readFile } from 'node:fs/promises';

/** What a process and all that it started used, in seconds. */
export interface Usage {
  readonly wall: number;
  /** User and system time. */
  readonly cpu: number;
}

/** Bash's own `time` counts the whole tree of a command, by what the kernel says when it is waited for. */
const MEASURE = 'file=$1; shift; { TIMEFORMAT="%3R %3U %3S"; time "$@" 2>&4; } 4>&2 2>>"$file"';

/** A program and its first arguments that run a command and add what it used to a file. */
export function measuringInto(file: string): readonly [program: string, ...args: string[]] {
  return ['bash', '-c', MEASURE, 'measure', file];
}

/** The sum of what the commands measured into a file used; nothing where none was. */
export async function usageIn(file: string): Promise<Usage> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  const sum = { wall: 0, cpu: 0 };
  for (const line of lines) {
    const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = line.split(' ').map(Number);
    if (Number.isNaN(wall + user + system)) throw new Error(`bash's time said: ${line}`);
    sum.wall += wall;
    sum.cpu += user + system;
  }
  return sum;
}
