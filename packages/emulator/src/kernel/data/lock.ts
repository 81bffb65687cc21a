import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** A process, told from a later one of the same number by when it began. */
interface Holder {
  readonly pid: number;
  /** As Linux counts it; undefined elsewhere. */
  readonly began?: string | undefined;
}

/**
 * Takes a lock: a file that says who has it.
 *
 * @returns what releases it
 * @throws Error that names the process which has it
 */
export function lock(file: string, what: string): () => void {
  const own: Holder = { pid: process.pid, began: beginningOf(process.pid) };
  for (let tries = 0; ; tries += 1) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = holderOf(file);
      if ((holder && isThere(holder)) || tries > 0)
        throw new Error(
          `${what} is in use by the local cloud of process ${holder?.pid ?? 'unknown'}. Stop that one first, or name another folder.`,
        );
      // Who had it was killed.
      rmSync(file, { force: true });
    }
  }
}

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isThere({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return began === undefined || began === beginningOf(pid);
}

/** When a process began, in ticks since the machine did: field 22 of proc_pid_stat(5), counted after the name. */
function beginningOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
