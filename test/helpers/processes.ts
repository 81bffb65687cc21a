import { readdirSync, readFileSync } from 'node:fs';

/** A process as anyone on the machine may see it (`command`), and as its owner may (`environment`). */
export interface Process {
  readonly pid: number;
  readonly command: string;
  readonly environment: string;
}

/**
 * The processes that carry a text in their environment, as all do that a step of a job starts. Linux only.
 *
 * @param others what need not be looked at, as it runs since before: for those who look often
 */
export function processesWith(text: string, others: ReadonlySet<string> = new Set()): Process[] {
  return processIds().flatMap((pid) => {
    if (others.has(pid)) return [];
    const command = commandOf(pid);
    const environment = read(`/proc/${pid}/environ`);
    if (!environment.includes(text)) return [];
    // What began to run another program meanwhile would show the environment of one under the command of the other.
    const steady = command !== '' && commandOf(pid) === command;
    return steady ? [{ pid: Number(pid), command, environment }] : [];
  });
}

/** Of all processes of this machine. Linux only. */
export function processIds(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** The processes of this machine, those in containers included, whose command begins so. Linux only. */
export function processesThatRun(command: string): Pick<Process, 'pid' | 'command'>[] {
  return processIds().flatMap((pid) => {
    const found = commandOf(pid);
    return found.startsWith(command) ? [{ pid: Number(pid), command: found }] : [];
  });
}

function commandOf(pid: string): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended, or is another user's.
    return '';
  }
}
