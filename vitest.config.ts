import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Half of what an end-to-end test does is done by the programs that it starts, or is to wait for them, and many a unit test
    // waits for a clock. One number for both projects: the unit tests then fill in while the last end-to-end files run.
    maxWorkers: Math.max(4, availableParallelism()),
    // GitHub's parser imports JSON without the attribute that Node's own loader asks for.
    server: { deps: { inline: [/@actions\//] } },
    setupFiles: ['declared-tools', 'exchange-source', 'blocking-programs'].map(setup),
    // The judge names the line of the test whose request is wrong.
    includeTaskLocation: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'actions/**/*.test.ts', 'scripts/**/*.test.ts'],
          testTimeout: 60_000,
          // A third less CPU: what a worker has loaded once serves its next file. Each file gets its own PATH and engine again.
          isolate: false,
        },
      },
      {
        extends: true,
        // They share one Docker engine and this machine's processes, and look at what is their own there.
        test: {
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          maxConcurrency: 3,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          // A new process for each file costs a second of CPU time. fresh-modules keeps the state of modules apart.
          isolate: false,
          setupFiles: [setup('fresh-modules')],
        },
      },
    ],
  },
});

function setup(name: string): string {
  return fileURLToPath(new URL(`scripts/test/${name}.ts`, import.meta.url));
}
