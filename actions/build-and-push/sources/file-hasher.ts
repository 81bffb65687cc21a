import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { BytePath } from './context-entries.ts';
import { CHANGED, hashFiles } from './hash-files.ts';
import { NoKey } from './no-key.ts';

/** Calls after which threads are started: a few files are read sooner than one starts. */
const ALONE = 2;
const MOST_THREADS = 4;
/** Bytes that are read before they are hashed: they stay in a processor's own cache. */
const BUFFER = 256 * 1024;

/** What a thread is asked and answers. */
interface Question {
  readonly id: number;
  readonly paths: readonly BytePath[];
}
interface Answer {
  readonly id: number;
  readonly digest?: string;
  readonly error?: FileProblem;
}
type FileProblem = Pick<NodeJS.ErrnoException, 'message' | 'code' | 'syscall' | 'path'>;

/** Reads and hashes files, many of them in threads. */
export interface FileHasher extends AsyncDisposable {
  /** @throws Error of the file system, NoKey for a file that changes meanwhile */
  hash(paths: readonly BytePath[]): Promise<string>;
}

/** @param base directory of the paths, with a slash in the end */
export function fileHasher(base: BytePath): FileHasher {
  const threads: Worker[] = [];
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  let count = 0;

  const start = (): Worker => {
    const thread = new Worker(`(${answerQuestions})(${JSON.stringify(base)}, ${hashFiles}, ${BUFFER})`, {
      eval: true,
      // Most of what they make is short-lived: it need not be looked through again and again.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    thread.on('message', ({ id, digest, error }: Answer) => {
      const { resolve, reject } = waiting.get(id) ?? Promise.withResolvers<string>();
      waiting.delete(id);
      if (error) reject(errorOf(error));
      else resolve(digest ?? '');
    });
    thread.on('error', (error) => {
      for (const { reject } of waiting.values()) reject(error);
    });
    threads.push(thread);
    return thread;
  };

  return {
    hash(paths) {
      const id = count++;
      if (id < ALONE) return here(base, paths);
      const answer = Promise.withResolvers<string>();
      waiting.set(id, answer);
      const most = Math.min(MOST_THREADS, availableParallelism());
      const thread = threads.length < most ? start() : threads[id % most];
      thread?.postMessage({ id, paths } satisfies Question);
      return answer.promise;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.terminate()));
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
      const work = hash(base, paths, bytes);
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
