import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildFailure } from './failure.ts';

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG BASE=x

FROM $BASE AS Build
ENV A=b
RUN one \\
  # a comment within
\\
  && two
RUN <<END
FROM nothing
RUN nothing
END
COPY a \\
 b /

from build
RUN three
`;

/** The first words of what is said of a step that failed. */
async function said(
  stage: string,
  instruction: string,
  position: readonly [number, number],
  dockerfile = DOCKERFILE,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-failure-'));
  try {
    const file = join(folder, 'Dockerfile');
    await writeFile(file, dockerfile);
    const step = { stage, instruction, position, milliseconds: 1, cached: false };
    const report = { steps: [step], checks: [], line: undefined };
    const failure = { step, reason: 'exit code: 7', output: 'no\n' };
    return (await buildFailure({ ...report, failure }, '', file, 1)).message.split(',', 1)[0] ?? '';
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('names the line of an instruction, as BuildKit counts: the layers of a stage, and its base image', async () => {
  expect(await said('build', 'RUN one   && two', [2, 4])).toBe('The build failed at line 6 of Dockerfile');
  expect(await said('build', 'RUN <<END (FROM nothing...)', [3, 4])).toMatch(/line 10 /);
  expect(await said('build', 'COPY a b /', [4, 4])).toMatch(/line 14 /);
  expect(await said('linux/arm64 build', 'COPY a b /', [4, 4])).toMatch(/line 14 /);
  // A stage on another stage has no base image to count.
  expect(await said('stage-1', 'RUN three', [1, 1])).toMatch(/line 18 /);
});

it('names it as the classic builder counts: every instruction of the file', async () => {
  expect(await said('', 'RUN one   && two', [4, 8])).toMatch(/line 6 /);
  expect(await said('', 'RUN three', [8, 8])).toMatch(/line 18 /);
});

it('names none where the count leads to another instruction, or the file can not be read', async () => {
  expect(await said('build', 'ADD x /', [3, 4])).toBe('The build failed');
  expect(await said('build', 'RUN x', [1, 1], 'FROM x\nRUN <<NEVER\n')).toBe('The build failed');
});
