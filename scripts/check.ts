/**
 * Everything that can be said of the tree without running it: format and lint, types, which way imports
 * go, unused code, generated docs, dist.
 */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** TypeScript 7 takes a third of the time of TypeScript 6, whose API the bundler and our own scripts use; both are called tsc. */
const TSC = ['node', 'node_modules/typescript-7/bin/tsc'] as const;

/** Those that take longest come first. */
const CHECKS: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['bundles of actions', 'node', 'scripts/build.ts', '--check', ...readdirSync(resolve(root, 'actions'))],
  ['other bundles', 'node', 'scripts/build.ts', '--check', 'gangway', 'emulator'],
  ['types', ...TSC, '--noEmit', '-p', '.'],
  ['format and lint', 'biome', 'ci', '--error-on-warnings', '.'],
  ['console types', ...TSC, '-p', 'packages/emulator/src/console/page'],
  ['import arrows', 'node', 'scripts/arrows/main.ts'],
  ['unused code', 'knip'],
  ['generated docs', 'node', 'scripts/docs.ts', '--check'],
];

const waiting = [...CHECKS];
let failed = 0;
// As many at a time as there are processors: most of them use one.
await Promise.all(Array.from({ length: availableParallelism() }, work));
process.exitCode = failed > 0 ? 1 : 0;

async function work(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, program, ...args] = next;
    const started = performance.now();
    const said = await run(program, args);
    const time = `${((performance.now() - started) / 1000).toFixed(1)} s`;
    console.log(`${said === undefined ? '✓' : '✗'} ${name.padEnd(18)} ${time}`);
    if (said === undefined) continue;
    failed += 1;
    console.log(said.trimEnd());
  }
}

/** @returns what it said, if it failed */
function run(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve(error ? `${stdout}${stderr}` || error.message : undefined),
    );
  });
}
