import { expect, it } from 'vitest';
import { Steps } from './steps.ts';

it('keeps the requests of a run together, also where others ask in between', () => {
  const steps = new Steps();
  expect(steps.of('docker', 0, 10)).toBe(1);
  expect(steps.of('gcloud run deploy', 20, 30)).toBe(2);
  expect(steps.of('docker', 40, 50)).toBe(1);
});

it('begins another step after a pause, which counts from the last answer', () => {
  const steps = new Steps();
  expect(steps.of('docker', 0, 60_000)).toBe(1);
  expect(steps.of('docker', 69_999, 70_000)).toBe(1);
  expect(steps.of('docker', 80_000, 80_001)).toBe(2);
});
