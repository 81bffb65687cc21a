import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sample, spread } from './sample.ts';

const run = promisify(execFile);
const ROUNDS = 9;
const library = new URL('../../dist/emulator/index.js', import.meta.url).href;

/** In a process of its own, as a test's: nothing was loaded before. Prints seconds. */
const SCRIPT = `const started = performance.now();
const { startCloud } = await import(${JSON.stringify(library)});
const loaded = performance.now();
const cloud = await startCloud();
const ready = performance.now();
await cloud.close();
console.log(JSON.stringify([loaded - started, ready - loaded].map((ms) => ms / 1000)));`;

/** How long a program waits for the library of the local cloud: a table in Markdown. */
export async function benchStart(): Promise<string> {
  console.error(`${ROUNDS} starts of the library …`);
  const rounds = await sample(ROUNDS, async () => {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });
    return JSON.parse(stdout) as [number, number];
  });
  const of = (pick: (round: [number, number]) => number) => spread(rounds.map(pick));
  return [
    '| The local cloud in a test’s process | Time |',
    '|---|---|',
    `| \`import\` of the library | ${of(([loaded]) => loaded)} |`,
    `| \`startCloud()\`, until it answers | ${of(([, ready]) => ready)} |`,
    `| both | ${of(([loaded, ready]) => loaded + ready)} |`,
  ].join('\n');
}
