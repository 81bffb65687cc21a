import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/*
 * vitest runs it before each test file. A test that waits for a program without letting go of its thread (spawnSync and the like)
 * can't be ended by vitest: one such program that never ends would take the whole run with it, and nothing would say which it was.
 */

/** Milliseconds that such a program may take, unless its call says otherwise. */
const LIMIT = 300_000;
const DONE = Symbol.for('gangway.blocking-programs');

type Call = (...args: unknown[]) => unknown;

if (!(DONE in globalThis)) {
  Object.assign(globalThis, { [DONE]: true });
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const)
    Object.assign(childProcess, { [name]: endingAfter(LIMIT, childProcess[name] as Call, report) });
  syncBuiltinESMExports();
}

/**
 * A function that runs a program and waits for it, which kills the program after the limit.
 *
 * @param limit milliseconds
 * @param report told of a program that was killed: its call, and the error that the caller gets
 */
export function endingAfter(limit: number, run: Call, report: (args: readonly unknown[]) => void): Call {
  return (...args) => {
    const last = args.at(-1);
    const given = typeof last === 'object' && last !== null && !Array.isArray(last) ? last : undefined;
    if (given && 'timeout' in given) return run(...args);
    // One that handles SIGTERM could go on, and Node would wait for it.
    const options = { ...given, timeout: limit, killSignal: 'SIGKILL' };
    const call = [...(given ? args.slice(0, -1) : args), options];
    const tell = (error: unknown) => {
      if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') report(args);
    };
    try {
      const result = run(...call);
      tell((result as { error?: unknown } | undefined)?.error);
      return result;
    } catch (error) {
      tell(error);
      throw error;
    }
  };
}

/** Says what was killed, and what it has left running: what hangs is often not the program itself. */
function report(args: readonly unknown[]): void {
  const [program, words] = args;
  const line = [program, ...(Array.isArray(words) ? words : [])].join(' ');
  const columns = 'pid,ppid,etime,stat,wchan:20,args';
  const { stdout = '' } = childProcess.spawnSync('ps', ['-ww', '-eo', columns, '--forest'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  console.error(`${line} had not ended after ${LIMIT / 1000} s and was killed. What runs now:\n${stdout}`);
}
