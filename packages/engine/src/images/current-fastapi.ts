import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, EngineOptions } from '../docker/engine.ts';
import { cacheDirectory } from '../machine/cache.ts';
import { find, run } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';
import { debianReference } from '../programs/debian.ts';
import { docker, hasImage } from './base-image.ts';

const reference = `${debianReference}-current-fastapi`;
const requirements = ['fastapi', 'uvicorn', 'python-multipart'];

/**
 * The Debian base with today's FastAPI, uvicorn and python-multipart in place of Debian's, so that the documents of
 * both can be tested: OpenAPI 3.1 and 3.0.2. On another base, that base itself: the Dockerfile's own
 * `pip install` brings today's. Undefined where this machine's pip can't download them.
 */
export async function currentFastApiBase(
  engine: Engine,
  base: string,
  { onProgress = () => {} }: EngineOptions = {},
): Promise<string | undefined> {
  if (base !== debianReference) return base;
  return locked('current-fastapi', async () => {
    if (await hasImage(engine, reference)) return reference;
    const context = await mkdtemp(join(await cacheDirectory(), 'wheels-'));
    try {
      onProgress('Downloading the current FastAPI');
      if (!(await download(context))) return undefined;
      await writeFile(join(context, 'Dockerfile'), dockerfile(base));
      await docker(engine, ['build', '--quiet', '--network', 'none', '--tag', reference, context]);
      return reference;
    } finally {
      await rm(context, { recursive: true, force: true });
    }
  });
}

/** The container's Python is Debian 12's 3.11 whatever the host's is. */
async function download(directory: string): Promise<boolean> {
  const [python] = find('python3');
  if (!python) return false;
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const target = [
    '--only-binary=:all:',
    '--python-version',
    '3.11',
    '--platform',
    `manylinux2014_${machine}`,
  ];
  const options = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
  return run(python, ['-m', 'pip', 'download', ...options, ...target, '--dest', directory, ...requirements], {
    timeout: 180_000,
  }).then(
    () => true,
    () => false,
  );
}

function dockerfile(base: string): string {
  return `FROM ${base}
COPY *.whl /tmp/wheels/
RUN pip install --no-index --find-links /tmp/wheels --upgrade ${requirements.join(' ')} && rm -r /tmp/wheels
`;
}
