import { readFile } from 'node:fs/promises';

/** What a process uses at a moment. */
export interface ProcessUsage {
  /** Seconds since the first look. */
  readonly at: number;
  /** Resident memory, in MiB. */
  readonly memory: number;
  /** Seconds of CPU so far, of all its threads. */
  readonly cpu: number;
}

/** Clock ticks in a second, as Linux counts CPU for programs (proc_pid_stat(5)). */
const TICKS = 100;

/**
 * Looks at a process from time to time.
 *
 * @param seconds between two looks
 * @returns a function that stops it and gives what was seen
 */
export function watchProcess(pid: number, seconds: number): () => Promise<readonly ProcessUsage[]> {
  const started = performance.now();
  const seen: ProcessUsage[] = [];
  const look = async () => {
    seen.push({ at: (performance.now() - started) / 1000, ...(await usageOf(pid)) });
  };
  let last = look();
  const timer = setInterval(() => {
    last = look();
  }, seconds * 1000);
  return async () => {
    clearInterval(timer);
    await last;
    await look();
    return seen;
  };
}

async function usageOf(pid: number): Promise<Pick<ProcessUsage, 'memory' | 'cpu'>> {
  const [status, stat] = await Promise.all(
    ['status', 'stat'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
  );
  // The name of the program, in brackets, may have spaces.
  const counts = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return {
    memory: Number(/^VmRSS:\s+(\d+)/m.exec(status ?? '')?.[1]) / 1024,
    cpu: (Number(counts[11]) + Number(counts[12])) / TICKS,
  };
}
