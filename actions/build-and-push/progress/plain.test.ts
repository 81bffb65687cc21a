import { expect, it } from 'vitest';
import { plainProgress } from './plain.ts';

/** What buildx v0.29.1 printed with BuildKit v0.25.1. */
const BUILDX = `#0 building with "far" instance using remote driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 257B done
#1 WARN: JSONArgsRecommended: JSON arguments recommended for cmd to prevent unintended behavior related to OS signals (line 12)
#1 DONE 0.0s

#4 [tools 1/2] COPY busybox /bin/sh
#4 CACHED

#5 [linux/arm64 tools 2/2] RUN exit 7
#5 0.044 /bin/sh: oh
#5 1.2 no
#5 ERROR: process "/bin/sh -c exit 7" did not complete successfully: exit code: 7

#6 [build 1/1] RUN sleep 9
#6 ERROR: failed to solve: Canceled: context canceled
------
 > [tools 2/2] RUN exit 7:
0.044 /bin/sh: oh
------

 \u001b[33m1 warning found (use docker --debug to expand):
\u001b[0m - JSONArgsRecommended: JSON arguments recommended for cmd to prevent unintended behavior related to OS signals (line 12)
Dockerfile:3
--------------------
   2 |     COPY busybox /bin/sh
   3 | >>> RUN exit 7
--------------------
ERROR: failed to build: failed to solve: process "/bin/sh -c exit 7" did not complete successfully: exit code: 7`;

/** What the client of Docker 20.10.24 printed. */
const EMBEDDED = `#4 [tools 1/2] COPY busybox /bin/sh
#4 sha256:2e9e434da2e6c58d1cb8ef4dda0726d98150d8712ee198d2031b1e5ab9c87df5
#4 DONE 0.4s

#5 [2/2] RUN true
#5 sha256:e2e55132770cd9cfe5f3792e40f5100562cec8f65cadd6fa91912f41e24a216a
#5 0.132 12% done
#5 DONE 1.5s
`;

it.each([1, 7, 1000])('is read in pieces of %i characters', (size) => {
  const progress = plainProgress();
  for (let at = 0; at < BUILDX.length; at += size) progress.take(BUILDX.slice(at, at + size), 0);
  const { steps, checks, failure, line } = progress.end(0);
  expect(steps).toMatchObject([
    { stage: 'tools', instruction: 'COPY busybox /bin/sh', position: [1, 2], cached: true },
    { stage: 'linux/arm64 tools', instruction: 'RUN exit 7', cached: false },
    { stage: 'build', instruction: 'RUN sleep 9' },
  ]);
  expect(checks).toEqual([
    {
      rule: 'JSONArgsRecommended',
      message: expect.stringMatching(/^JSON arguments recommended .* signals$/),
      line: 12,
    },
  ]);
  expect(failure).toMatchObject({ step: { instruction: 'RUN exit 7' }, output: '/bin/sh: oh\nno' });
  expect(line).toBe(3);
});

it('is read of an older engine', () => {
  const progress = plainProgress();
  progress.take(EMBEDDED, 0);
  expect(progress.end(0)).toEqual({
    steps: [
      {
        stage: 'tools',
        instruction: 'COPY busybox /bin/sh',
        position: [1, 2],
        milliseconds: 400,
        cached: false,
      },
      { stage: '', instruction: 'RUN true', position: [2, 2], milliseconds: 1500, cached: false },
    ],
    checks: [],
    failure: undefined,
    line: undefined,
  });
});

it('takes what an instruction prints for nothing else', () => {
  const progress = plainProgress();
  progress.take(
    '#5 [1/1] RUN x\n#5 0.1 Dockerfile:9\n#5 0.1 --------------------\n#5 0.2  - Fake: rule (line 3)\n#5 0.3 DONE 9s\n',
    0,
  );
  expect(progress.end(0)).toMatchObject({ checks: [], line: undefined, steps: [{ milliseconds: 0 }] });
});
