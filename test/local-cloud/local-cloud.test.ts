import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runAction } from '@gangway/runner';
import { describe, expect, it } from 'vitest';

// needs: base-image
// takes minutes

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const BASE = process.env.GANGWAY_BASE_IMAGE;
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/apis/hello';

describe.skipIf(!BASE)('npm run emulator (needs a Docker engine; npm test prepares one)', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'serves a shell that sources its file, and on %s stops with every container it started',
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), 'gangway-emulator-'));
      const file = join(folder, 'cloud.env');
      const child = spawn(process.execPath, ['--', 'scripts/emulator.ts', '--env-file', file], { cwd: root });
      try {
        const env = await sourced(file);
        const example = join(folder, 'example');
        await cp(join(root, 'examples/fastapi-on-cloud-run'), example, { recursive: true });
        const step = async (action: string, inputs: Record<string, string>) => {
          const google = {
            workload_identity_provider: env.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
            service_account: env.GANGWAY_SERVICE_ACCOUNT ?? '',
          };
          const options = { action, inputs: { ...google, ...inputs }, env, workspace: example };
          const result = await runAction({ ...options, temp: join(folder, 'runner') });
          expect(result.exitCode, result.log).toBe(0);
          await result.post();
          return result.outputs;
        };
        const { image = '' } = await step('build-and-push', { image: IMAGE, build_args: `BASE=${BASE}` });
        const given = { service: 'hello', region: 'us-central1', image, invokers: 'allUsers' };
        const { url = '', revision = '' } = await step('deploy-cloud-run', given);
        expect((await fetch(url)).status).toBe(200);
        expect(await containers(revision, env)).toHaveLength(1);

        child.kill(signal);
        const [code] = await once(child, 'exit');
        expect(code).toBe(0);
        expect(existsSync(file)).toBe(false);
        expect(await containers(revision, env)).toEqual([]);
        await expect(fetch(url)).rejects.toThrow();
      } finally {
        child.kill('SIGKILL');
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});

/** The environment of a shell that has sourced the file, once it is there. */
async function sourced(file: string): Promise<Record<string, string>> {
  for (let tries = 0; !existsSync(file); tries += 1) {
    if (tries > 300) throw new Error('the local cloud did not start');
    await sleep(100);
  }
  expect(await readFile(file, 'utf8')).toContain('export DOCKER_HOST=');
  const { stdout } = await run('sh', ['-c', '. "$1" && env -0', 'sh', file]);
  return Object.fromEntries(
    stdout
      .split('\0')
      .filter(Boolean)
      .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

async function containers(revision: string, env: Record<string, string>): Promise<string[]> {
  const { stdout } = await run('docker', ['ps', '--all', '--format', '{{.Label "dev.gangway.revision"}}'], {
    env,
  });
  return stdout.split('\n').filter((name) => name.endsWith(`/${revision}`));
}
