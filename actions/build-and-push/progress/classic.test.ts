import { expect, it } from 'vitest';
import { classicProgress } from './classic.ts';

it('tells stages, times and cache hits of the classic builder', () => {
  const progress = classicProgress();
  // What Docker 20.10.24 printed.
  progress.take(
    'Sending build context to Docker daemon  1.987MB\nStep 1/5 : FROM scratch AS tools\n ---> \n',
    0,
  );
  progress.take('Step 2/5 : COPY busybox /bin/sh\n ---> Using cache\n ---> fab885e2e261\nStep 3/', 100);
  progress.take('5 : FROM tools\n ---> fab885e2e261\n', 150);
  progress.take('Step 4/5 : RUN exit 7\n ---> Running in 012b8726da87\n', 200);
  progress.take('\u001b[91moh\n\u001b[0mno\nRemoving intermediate container 012b8726da87\n', 900);
  progress.take("The command '/bin/sh -c exit 7' returned a non-zero code: 7", 1000);
  expect(progress.end(1000)).toEqual({
    steps: [
      {
        stage: 'tools',
        instruction: 'FROM scratch AS tools',
        position: [1, 5],
        milliseconds: 100,
        cached: false,
      },
      {
        stage: 'tools',
        instruction: 'COPY busybox /bin/sh',
        position: [2, 5],
        milliseconds: 50,
        cached: true,
      },
      { stage: 'stage-1', instruction: 'FROM tools', position: [3, 5], milliseconds: 50, cached: false },
      { stage: 'stage-1', instruction: 'RUN exit 7', position: [4, 5], milliseconds: 800, cached: false },
    ],
    checks: [],
    failure: {
      step: expect.objectContaining({ instruction: 'RUN exit 7' }),
      reason: 'exit code: 7',
      output: 'oh\nno',
    },
    line: undefined,
    images: new Map([
      ['tools', 'fab885e2e261'],
      ['stage-1', 'fab885e2e261'],
    ]),
  });
});

it('knows the line of a syntax error', () => {
  const progress = classicProgress();
  progress.take(
    'Error response from daemon: dockerfile parse error line 12: unknown instruction: LABLE\n',
    0,
  );
  expect(progress.end(0)).toMatchObject({ line: 12, failure: undefined });
});
