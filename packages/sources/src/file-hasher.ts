import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { BytePath } from './context-entries.ts';
import { CHANGED, hashFiles } from './hash-files.ts';
import { NoKey } from './no-key.ts';

/** Calls after which threads are started: a few files are read sooner than one starts. */
const ALONE = 1;
/** Beside the one that all else runs in, which reads files too. */
const MOST_THREADS = 3;
/** Calls that a thread has been sent at a time: enough for it until its answers are seen, while a large directory is read. */
const AT_ONCE = 16;
/** Calls that threads take part in; what comes after is read here. */
const SHARED = 8192;
/** Bytes that are read before they are hashed: they stay in a processor's own cache. */
const BUFFER = 256 * 1024;

/**
 * Paths with a NUL between two: one long string is kept and passed between threads at a fraction of what a list of short
 * ones costs.
 */
type Paths = string;

/** What a thread is asked and answers: with neither digest nor error, that another has begun with it. */
interface Question {
  readonly id: number;
  readonly paths: Paths;
}
interface Answer {
  readonly id: number;
  readonly digest?: string;
  readonly error?: FileProblem;
}
type FileProblem = Pick<NodeJS.ErrnoException, 'message' | 'code' | 'syscall' | 'path'>;

interface Thread {
  readonly worker: Worker;
  /** Ids of what it has been sent and has not answered. */
  readonly asked: Set<number>;
}
interface Waiting {
  readonly paths: Paths;
  readonly answer: PromiseWithResolvers<string>;
}

/** Reads and hashes files, many of them in threads. */
export interface FileHasher extends Disposable {
  /**
   * Files that are hashed together. It settles when {@link finish} is called, or before.
   *
   * @throws Error of the file system, NoKey for a file that changes meanwhile
   */
  hash(paths: Paths): Promise<string>;
  /** Reads what no thread has begun with. */
  finish(): Promise<void>;
}

/** @param base directory of the paths, with a slash in the end */
export function fileHasher(base: BytePath): FileHasher {
  const threads: Thread[] = [];
  const waiting: Waiting[] = [];
  // Who sets a call's number to one reads its files: the threads from the first on, and we from the last.
  const claims = new Int32Array(new SharedArrayBuffer(SHARED * Int32Array.BYTES_PER_ELEMENT));
  /** The first that no thread was sent. */
  let next = 0;

  const start = (): void => {
    const worker = new Worker(`(${answerQuestions})(${JSON.stringify(base)}, ${hashFiles}, ${BUFFER})`, {
      eval: true,
      workerData: claims,
      // Both cost something at each file: a list of those that are open, and the environment is not read.
      trackUnmanagedFds: false,
      env: SHARE_ENV,
      // Most of what they make is short-lived: it need not be looked through again and again.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    const asked: Thread['asked'] = new Set();
    worker.on('message', ({ id, digest, error }: Answer) => {
      asked.delete(id);
      feed();
      if (error) waiting[id]?.answer.reject(errorOf(error));
      else if (digest !== undefined) waiting[id]?.answer.resolve(digest);
    });
    worker.on('error', (error) => {
      for (const id of asked) waiting[id]?.answer.reject(error);
    });
    threads.push({ worker, asked });
  };
  const feed = (): void => {
    for (const { worker, asked } of threads)
      while (asked.size < AT_ONCE && next < Math.min(waiting.length, SHARED)) {
        const id = next++;
        const paths = waiting[id]?.paths ?? '';
        asked.add(id);
        worker.postMessage({ id, paths } satisfies Question);
      }
  };

  return {
    hash(paths) {
      const answer = Promise.withResolvers<string>();
      waiting.push({ paths, answer });
      const most = Math.min(MOST_THREADS, availableParallelism() - 1);
      if (waiting.length - next > ALONE && threads.length < most) start();
      feed();
      return answer.promise;
    },
    async finish() {
      for (const [id, { paths, answer }] of [...waiting.entries()].reverse()) {
        if (id < SHARED && Atomics.exchange(claims, id, 1) !== 0) continue;
        await here(base, paths.split('\0')).then(answer.resolve, answer.reject);
        // Threads that have answered are given more.
        await setImmediate();
      }
    },
    [Symbol.dispose]() {
      for (const { worker } of threads) void worker.terminate();
    },
  };
}

async function here(base: BytePath, paths: readonly BytePath[]): Promise<string> {
  try {
    const work = hashFiles(base, paths, Buffer.allocUnsafe(BUFFER));
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
      // Others have a turn, such as a cancel.
      await setImmediate();
    }
  } catch (error) {
    throw errorOf(error as FileProblem);
  }
}

/** What a thread does. Its text is sent there, so it uses nothing from outside itself. */
function answerQuestions(base: BytePath, hash: typeof hashFiles, size: number): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const claims: Int32Array = workerData;
  const bytes = Buffer.allocUnsafeSlow(size);
  parentPort?.on('message', ({ id, paths }: Question) => {
    if (Atomics.exchange(claims, id, 1) !== 0) return parentPort.postMessage({ id });
    try {
      const work = hash(base, paths.split('\0'), bytes);
      let step = work.next();
      while (!step.done) step = work.next();
      parentPort.postMessage({ id, digest: step.value });
    } catch (error) {
      const { message, code, syscall, path } = error as NodeJS.ErrnoException;
      parentPort.postMessage({ id, error: { message, code, syscall, path } });
    }
  });
}

function errorOf({ message, ...rest }: FileProblem): Error {
  const { code, syscall, path } = rest;
  if (code === CHANGED) return new NoKey(`${message} while it was read`);
  return Object.assign(new Error(message), { code, syscall, path });
}
