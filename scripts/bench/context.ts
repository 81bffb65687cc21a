import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createPathFilter } from '@gangway/dockerfile';
import { digestContext } from '@gangway/sources';

const run = promisify(execFile);
const DIRECTORIES = 500;
const FILES = 100;
const ROUNDS = 7;

/** The key of a large build context beside what tar takes to read it, in turns. */
export async function benchContext(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'gangway-bench-'));
  try {
    for (let directory = 0; directory < DIRECTORIES; directory++) {
      const path = join(root, `package-${directory}/src`);
      await mkdir(path, { recursive: true });
      await Promise.all(
        [...Array(FILES).keys()].map((file) =>
          writeFile(join(path, `file-${file}.js`), `// ${directory} ${file}\n`.repeat(10 + file)),
        ),
      );
    }
    const filter = createPathFilter(['node_modules', '**/*.log', '.git']);
    const tar: number[] = [];
    const key: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // A pipe, as GNU tar reads no file when it sees that it writes to /dev/null.
      tar.push(await timed(() => run('sh', ['-c', 'tar -cf - -C "$0" . | wc -c', root])));
      key.push(await timed(() => digestContext(root, filter)));
    }
    const [ofTar, ofKey] = [median(tar), median(key)];
    return [
      `Key of a build context of ${(DIRECTORIES * FILES).toLocaleString('en-US')} files, median of ${ROUNDS}, in ms`,
      `  tar, to a pipe   ${ofTar.toFixed(0).padStart(6)}`,
      `  the key          ${ofKey.toFixed(0).padStart(6)}   ${(ofKey / ofTar).toFixed(2)} of tar`,
    ].join('\n');
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
