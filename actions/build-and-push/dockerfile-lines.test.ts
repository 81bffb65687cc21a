import { expect, it } from 'vitest';
import { instructionsOf } from './dockerfile-lines.ts';

const lines = (text: string) =>
  instructionsOf(text).map(({ line, keyword, stageName }) => `${line} ${keyword} ${stageName}`);

it('finds where each instruction begins, and its stage', () => {
  expect(
    lines(`# syntax=docker/dockerfile:1
ARG BASE=x

FROM $BASE AS Build
RUN one \\
  # a comment within
\\
  && two

from build
COPY a \\
 b
`),
  ).toEqual(['2 ARG ', '4 FROM build', '5 RUN build', '10 FROM stage-1', '11 COPY stage-1']);
});

it('skips here-documents, several to an instruction', () => {
  expect(
    lines(`FROM x
RUN <<A cat <<-"B"
FROM nothing
A
\tRUN nothing
\tB
COPY <<c /d
RUN
c
CMD y`),
  ).toEqual(['1 FROM stage-0', '2 RUN stage-0', '7 COPY stage-0', '10 CMD stage-0']);
  expect(lines('FROM x\nENV A=<<B\nRUN y')).toHaveLength(3);
  expect(lines('FROM x\nRUN <<NEVER\nRUN y')).toHaveLength(2);
});

it('goes on after what the escape directive names', () => {
  expect(lines('# escape=`\r\nFROM x\r\nRUN a `\r\n b\r\nRUN c:\\\r\nRUN d\r\n')).toEqual([
    '2 FROM stage-0',
    '3 RUN stage-0',
    '5 RUN stage-0',
    '6 RUN stage-0',
  ]);
});
