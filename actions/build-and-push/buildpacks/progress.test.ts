import { expect, it } from 'vitest';
import { packFailure } from './failure.ts';
import { packProgress } from './progress.ts';

const DETECTED =
  '===> ANALYZING\n===> DETECTING\n[detector] google.python.runtime  0.9.1\n[detector] gangway/shell 1.0.0\n';

function read(...printed: string[]) {
  const progress = packProgress();
  for (const [index, text] of printed.entries()) progress.take(text, 100 * index);
  return progress.end(100 * printed.length);
}

it('tells the phases, their times and the buildpacks', () => {
  const report = read(DETECTED, '===> BUILDING\n', '[builder] one\n[builder] 2 of 3\n');
  expect(report).toMatchObject({
    phase: 'BUILDING',
    buildpacks: ['google.python.runtime 0.9.1', 'gangway/shell 1.0.0'],
    output: 'one\n2 of 3\n',
  });
  expect(report.steps.map(({ stage, milliseconds }) => [stage, milliseconds])).toEqual([
    ['analyzing', 0],
    ['detecting', 100],
    ['building', 200],
  ]);
});

it.each([
  ['ERROR: No buildpack groups passed detection.', 20, 'buildpacks-none'],
  ['[builder] no space left on device', 51, 'disk-full'],
  ['[builder] npm ERR! missing script', 51, 'build-failed'],
  ['[builder] denied: no access to buildpacksio/lifecycle', 51, 'build-failed'],
  ["ERROR: failed to build: failed to fetch builder image 'x'", 0, 'builder-image'],
  ['ERROR: failed to build: Cannot connect to the Docker daemon', 0, 'docker-engine'],
  ['ERROR: failed to build: fetching lifecycle image: not found', 0, 'lifecycle-image'],
  ["ERROR: failed to build: invalid run-image 'x': UNAUTHORIZED", 0, 'base-image'],
])('%s: %i is %s', (said, status, code) => {
  const last = status
    ? `ERROR: failed to build: executing lifecycle: failed with status code: ${status}\n`
    : '';
  const output = `${status ? `${DETECTED}===> BUILDING\n` : ''}${said}\n${last}`;
  expect(packFailure(read(output), output, 'b', 1)).toMatchObject({ code });
});
