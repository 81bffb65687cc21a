import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, EngineOptions } from '../docker/engine.ts';
import { cacheDirectory } from '../machine/cache.ts';
import { find, run } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';
import { debianReference } from '../programs/debian.ts';
import { flytekit } from '../programs/flytekit.ts';
import { docker, hasImage } from './base-image.ts';

/** What an image has of PyPI beside what its base has. */
export interface PythonImage {
  /** Ends the image's reference. */
  readonly name: string;
  /** For messages. */
  readonly title: string;
  readonly requirements: readonly string[];
}

/**
 * FastAPI, uvicorn and python-multipart of today in place of Debian's, so that the documents of both can be tested: OpenAPI 3.1
 * and 3.0.2.
 */
export const currentFastApi: PythonImage = {
  name: 'current-fastapi',
  title: 'the current FastAPI',
  requirements: ['fastapi', 'uvicorn', 'python-multipart'],
};

/** What the tasks of examples/flyte-tasks ask for. */
export const flyteTasks: PythonImage = {
  name: `flyte-tasks-${flytekit.recipe}`,
  title: 'flytekit and numpy',
  requirements: [...flytekit.packages, 'numpy>=2,<3'],
};

/**
 * The Debian base with packages of PyPI. On another base, that base itself: the Dockerfile's own `pip install` brings
 * them. Undefined where this machine's pip can't download them.
 */
export async function pythonImage(
  engine: Engine,
  base: string,
  { name, title, requirements }: PythonImage,
  { onProgress = () => {} }: EngineOptions = {},
): Promise<string | undefined> {
  if (base !== debianReference) return base;
  const reference = `${debianReference}-${name}`;
  return locked(name, async () => {
    if (await hasImage(engine, reference)) return reference;
    const context = await mkdtemp(join(await cacheDirectory(), 'wheels-'));
    try {
      onProgress(`Downloading ${title}`);
      if (!(await download(context, requirements))) return undefined;
      await writeFile(join(context, 'Dockerfile'), dockerfile(base, requirements));
      await docker(engine, ['build', '--quiet', '--network', 'none', '--tag', reference, context]);
      return reference;
    } finally {
      await rm(context, { recursive: true, force: true });
    }
  });
}

/** The container's Python is Debian 12's 3.11, and its glibc 2.36, whatever the host's are. */
async function download(directory: string, requirements: readonly string[]): Promise<boolean> {
  const [python] = find('python3');
  if (!python) return false;
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const platforms = ['manylinux2014', 'manylinux_2_28', 'manylinux_2_34'];
  const target = [
    ...['--only-binary=:all:', '--python-version', '3.11'],
    ...platforms.flatMap((platform) => ['--platform', `${platform}_${machine}`]),
  ];
  const options = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
  return run(python, ['-m', 'pip', 'download', ...options, ...target, '--dest', directory, ...requirements], {
    timeout: 180_000,
  }).then(
    () => true,
    () => false,
  );
}

function dockerfile(base: string, requirements: readonly string[]): string {
  return `FROM ${base}
COPY *.whl /tmp/wheels/
RUN pip install --no-index --find-links /tmp/wheels --upgrade ${requirements.map((one) => `'${one}'`).join(' ')} && rm -r /tmp/wheels
`;
}
