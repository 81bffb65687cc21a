/**
 * Everything that can be said of the tree without running it: format and lint, types, which way imports
 * go, unused code, generated docs, dist.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

const CHECKS: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['format and lint', 'biome', 'ci', '--error-on-warnings', '.'],
  ['types', 'tsc', '--noEmit', '-p', '.'],
  ['import arrows', 'node', 'scripts/arrows/main.ts'],
  ['unused code', 'knip'],
  ['generated docs', 'node', 'scripts/docs.ts', '--check'],
  ['bundles', 'node', 'scripts/build.ts', '--check'],
];

let failed = 0;
for (const [name, program, ...args] of CHECKS) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const time = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  console.log(`${status === 0 ? '✓' : '✗'} ${name.padEnd(16)} ${time}`);
  if (status === 0) continue;
  failed += 1;
  console.log(`${stdout}${stderr}`.trimEnd());
}
process.exitCode = failed > 0 ? 1 : 0;
