import { expect, it } from 'vitest';
import type { BuildStep } from '../progress/build-report.ts';
import { cacheHits } from './hits.ts';

const step = (stage: string, instruction: string, cached: boolean): BuildStep => ({
  stage,
  instruction,
  cached,
  position: [1, 1],
  milliseconds: 0,
});
const report = (...steps: BuildStep[]) => ({ steps, checks: [], failure: undefined, line: undefined });

it('counts the instructions of each stage that a cache spared, base images and declarations aside', () => {
  const steps = [
    step('', 'ARG BASE', false),
    step('deps', 'FROM base', false),
    step('deps', 'ARG NAME', true),
    step('deps', 'RUN a', true),
    step('build', 'COPY . .', false),
    step('deps', 'RUN b', true),
    step('build', 'RUN c', true),
  ];
  expect(cacheHits(report(...steps))).toBe('Instructions from the cache: deps 2 of 2, build 1 of 2.');
});

it('has a name for a stage without one, and nothing to say of no instructions', () => {
  expect(cacheHits(report(step('', 'RUN a', false)))).toBe(
    'Instructions from the cache: the only stage 0 of 1.',
  );
  expect(cacheHits(report(step('', 'FROM scratch', false)))).toBeUndefined();
});
