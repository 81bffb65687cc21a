import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuilders } from '../helpers/builders.ts';
import { copyBusybox } from '../helpers/busybox.ts';
import { startJob } from '../helpers/job.ts';

// needs: base-image, busybox

const LOST = `unable to find image "sha256:${'0'.repeat(64)}"`;

const builders = await findBuilders(['classic']);
beforeAll(() => builders.start());
afterAll(() => builders.stop());

for (const { env, missing } of builders.all)
  describe.skipIf(missing)('the classic builder, while another job removes images', () => {
    let workspace: string;
    let programs: string;
    beforeAll(async () => {
      workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
      await copyBusybox(join(workspace, 'busybox'));
      await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\nCOPY busybox /bin/sh\n');
      programs = await mkdtemp(join(tmpdir(), 'gangway-programs-'));
    });
    afterAll(async () => {
      for (const folder of [workspace, programs]) await rm(folder, { recursive: true, force: true });
    });

    it.each([
      ['builds again', 1, 0],
      ['gives up in the end', 9, 1],
    ])('%s where one is lost %i times', async (_, times, exitCode) => {
      // What the engine does by chance, it does here for sure: as it did in a run of these tests.
      const left = join(programs, 'left');
      await writeFile(left, 'x'.repeat(times));
      const stub = `#!/bin/sh
if [ "$1" = build ] && [ -s ${left} ]; then
  truncate --size=-1 ${left}
  printf 'Step 1/2 : FROM scratch\\n ---> \\nStep 2/2 : COPY busybox /bin/sh\\n'
  echo '${LOST}' >&2
  exit 1
fi
exec ${join(env.HOME ?? '', 'bin/docker')} "$@"
`;
      await writeFile(join(programs, 'docker'), stub);
      await chmod(join(programs, 'docker'), 0o755);
      await using job = await startJob();
      const result = await job.step(
        'build-and-push',
        {
          image: 'us-central1-docker.pkg.dev/demo-project/images/lost',
          tags: 'one',
          cache: 'off',
          reuse: 'false',
        },
        {
          workspace,
          env: { ...env, PATH: [programs, env.PATH ?? process.env.PATH].join(delimiter) },
          fails: 'either',
        },
      );
      expect(result.exitCode, result.log).toBe(exitCode);
      if (exitCode === 0) expect(result.log.split('Building again,')).toHaveLength(times + 1);
      else expect(result.annotations.at(-1)?.message).toContain(LOST);
    });
  });
