import { expect, it } from 'vitest';
import { stageChart } from './stage-chart.ts';

const step = (stage: string, instruction: string, milliseconds: number, cached = false) => ({
  stage,
  instruction,
  milliseconds,
  cached,
  position: [1, 1] as const,
});

it('draws the time of each stage, and counts what the cache spared', () => {
  expect(
    String(
      stageChart([
        step('', 'ARG BASE', 0),
        step('deps', 'FROM node', 50_000),
        step('deps', 'COPY package.json .', 0, true),
        step('build', 'RUN make', 3000),
        step('deps', 'RUN npm ci', 12_000),
      ]),
    ),
  ).toBe(`| Stage | Time | | From the cache |
|---|--:|---|--:|
| deps | 12 s | ████████████████████ | 1 of 2 |
| build | 3.0 s | █████ | 0 of 1 |`);
});

it('has a name for a stage without one', () => {
  expect(String(stageChart([step('', 'COPY . .', 10, true)]))).toContain('| the only stage | 0.0 s | █');
});

it('draws nothing of nothing', () => {
  expect(stageChart([])).toBe('');
  expect(stageChart([step('a', 'FROM b', 5)])).toBe('');
});
