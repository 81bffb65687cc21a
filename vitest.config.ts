import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // GitHub's parser imports JSON without the attribute that Node's own loader asks for.
    server: { deps: { inline: [/@actions\//] } },
    setupFiles: [fileURLToPath(new URL('scripts/test/declared-tools.ts', import.meta.url))],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'actions/**/*.test.ts', 'scripts/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        // They share one Docker engine, and start local clouds and child processes of their own.
        test: {
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          fileParallelism: false,
          // A busy machine misses a deadline now and then; the reporter says which test took a second try.
          retry: 1,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
