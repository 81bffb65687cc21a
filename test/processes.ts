import { readdirSync, readFileSync } from 'node:fs';

/** A process as anyone on the machine may see it (`command`), and as its owner may (`environment`). */
export interface Process {
  readonly pid: number;
  readonly command: string;
  readonly environment: string;
}

/** The processes that carry a text in their environment, as all do that a step of a job starts. Linux only. */
export function processesWith(text: string): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    // In this order: a process has its parent's command and environment until it runs what it is for, and the environment
    // of the parent must not pass for that of the command.
    const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    const environment = read(`/proc/${pid}/environ`);
    return environment.includes(text) ? [{ pid: Number(pid), command, environment }] : [];
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended, or is another user's.
    return '';
  }
}
