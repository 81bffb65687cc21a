import { seconds } from '@gangway/action';
import { type Markdown, table } from '@gangway/markdown';
import { type BuildStep, isWork } from '../progress/build-report.ts';

/** Characters of the longest bar. */
const WIDTH = 20;

/** The time that each stage took, as bars, and how many of its instructions came from the cache. */
export function stageChart(steps: readonly BuildStep[]): Markdown | '' {
  const stages = new Map<string, BuildStep[]>();
  for (const step of steps.filter(isWork)) stages.set(step.stage, [...(stages.get(step.stage) ?? []), step]);
  if (stages.size === 0) return '';
  const rows = [...stages].map(([name, all]) => ({
    name: name || 'the only stage',
    time: all.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    hits: all.filter(({ cached }) => cached).length,
    count: all.length,
  }));
  const longest = Math.max(...rows.map(({ time }) => time));
  return table(
    ['Stage', 'Time', '', 'From the cache'],
    rows.map(({ name, time, hits, count }) => [
      name,
      seconds(time),
      bar(time / longest),
      `${hits} of ${count}`,
    ]),
    ['---', '--:', '---', '--:'],
  );
}

function bar(share: number): string {
  return '█'.repeat(Math.round((share || 0) * WIDTH)) || '▏';
}
