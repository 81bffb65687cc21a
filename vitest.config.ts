import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // GitHub's parser imports JSON without the attribute that Node's own loader asks for.
    server: { deps: { inline: [/@actions\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'actions/**/*.test.ts', 'scripts/**/*.test.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        // They share one Docker engine, and start local clouds and child processes of their own, which keep a core busy.
        test: {
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          maxWorkers: 2,
          // Workers are counted for each group; the longer one first.
          sequence: { groupOrder: 0 },
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
