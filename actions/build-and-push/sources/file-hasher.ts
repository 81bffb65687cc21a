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
/** Questions that a thread has at a time: one to work at, and one to go on with. */
const AT_ONCE = 2;
/** Bytes that are read before they are hashed: they stay in a processor's own cache. */
const BUFFER = 256 * 1024;

/**
 * Paths with a NUL between two: one long string is kept and passed between threads at a fraction of what a list of short
 * ones costs.
 */
type Paths = string;

/** What a thread is asked and answers. */
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
  /** What it has been asked and has not answered, by id. */
  readonly asked: Map<number, Waiting>;
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
  const queue: Waiting[] = [];
  let count = 0;

  const start = (): void => {
    const worker = new Worker(`(${answerQuestions})(${JSON.stringify(base)}, ${hashFiles}, ${BUFFER})`, {
      eval: true,
      // Both cost something at each file: a list of those that are open, and the environment is not read.
      trackUnmanagedFds: false,
      env: SHARE_ENV,
      // Most of what they make is short-lived: it need not be looked through again and again.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    const asked: Thread['asked'] = new Map();
    worker.on('message', ({ id, digest, error }: Answer) => {
      const answer = asked.get(id)?.answer;
      asked.delete(id);
      feed();
      if (error) answer?.reject(errorOf(error));
      else answer?.resolve(digest ?? '');
    });
    worker.on('error', (error) => {
      for (const { answer } of asked.values()) answer.reject(error);
    });
    threads.push({ worker, asked });
  };
  const feed = (): void => {
    for (const { worker, asked } of threads)
      while (asked.size < AT_ONCE) {
        const next = queue.shift();
        if (!next) return;
        const id = count++;
        asked.set(id, next);
        worker.postMessage({ id, paths: next.paths } satisfies Question);
      }
  };

  return {
    hash(paths) {
      const answer = Promise.withResolvers<string>();
      queue.push({ paths, answer });
      const most = Math.min(MOST_THREADS, availableParallelism() - 1);
      if (queue.length > ALONE && threads.length < most) start();
      feed();
      return answer.promise;
    },
    async finish() {
      // The last of the queue: the threads take the first.
      for (let next = queue.pop(); next; next = queue.pop()) {
        await here(base, next.paths.split('\0')).then(next.answer.resolve, next.answer.reject);
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
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const bytes = Buffer.allocUnsafeSlow(size);
  parentPort?.on('message', ({ id, paths }: Question) => {
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
