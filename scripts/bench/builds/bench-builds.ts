import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { find, findGoTool, goTools, howToGet, run } from '@gangway/engine';
import { median } from '../sample.ts';
import { LINES, type Line } from './lines.ts';
import { startRegistry } from './registry.ts';
import { startWipedBuilder } from './wiped-builder.ts';

const APPLICATION = fileURLToPath(new URL('application', import.meta.url));

/**
 * What a wiped builder takes to build and push after a change of one line, by line: every line is run once to leave its
 * caches, then in turns, so that a busy minute of the machine falls on all.
 *
 * @param rounds how many changes
 * @param only an expression for the lines to run, `ENGINE, LINE`
 * @returns a table in Markdown
 */
export async function benchBuilds(rounds: number, only = ''): Promise<string> {
  await addBuildTools();
  const folder = await mkdtemp(join(tmpdir(), 'gangway-bench-'));
  const context = join(folder, 'application');
  await cp(APPLICATION, context, { recursive: true });
  const npmRegistry = (await run(find('npm')[0] ?? 'npm', ['config', 'get', 'registry'])).trim();
  await using registry = await startRegistry();
  const wanted = new RegExp(only);
  const lines = LINES.filter(({ engine, what }) => wanted.test(`${engine}, ${what}`));
  const times = new Map<Line, number[]>(lines.map((line) => [line, []]));
  let change = 0;
  for (let round = 0; round <= rounds; round++) {
    // In turns of either order, as what a line leaves the disk to do falls on the next.
    for (const line of round % 2 === 0 ? lines : lines.toReversed()) {
      // It leaves nothing for the rounds that count.
      if (round === 0 && line.what === 'no cache') continue;
      await run('sync', []);
      await writeFile(join(context, 'src/greeting.ts'), `export const greeting = 'hello ${change++}';\n`);
      await using builder = await startWipedBuilder(line.engine);
      const name = `app-${LINES.indexOf(line)}`;
      const started = performance.now();
      await line.build({ registry, env: builder.env, context, name, npmRegistry });
      const took = performance.now() - started;
      console.error(`${line.engine}, ${line.what}, round ${round}: ${(took / 1000).toFixed(1)} s`);
      if (round > 0) times.get(line)?.push(took);
    }
  }
  await rm(folder, { recursive: true, force: true });
  return table(times);
}

/** Puts the current BuildKit and buildx first on the PATH. */
async function addBuildTools(): Promise<void> {
  for (const tool of [goTools.buildx, goTools.buildkitd]) {
    const path = await findGoTool(tool, console.error);
    if (!path) throw new Error(`Not there: ${howToGet(tool)}`);
    process.env.PATH = [dirname(path), process.env.PATH].join(delimiter);
  }
}

function table(times: ReadonlyMap<Line, readonly number[]>): string {
  const rows = [...times].map(([{ engine, what }, all]) => {
    const uncached =
      [...times].find(([line]) => line.engine === engine && line.what === 'no cache')?.[1] ?? [];
    const share = uncached.length > 0 ? (median(all) / median(uncached)).toFixed(2) : '';
    return `| ${engine} | ${what} | ${(median(all) / 1000).toFixed(1)} s | ${share} |`;
  });
  return ['| Builder | Line | Median | Against no cache |', '|---|---|--:|--:|', ...rows].join('\n');
}
