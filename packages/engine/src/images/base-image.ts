import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, EngineOptions } from '../docker/engine.ts';
import { cacheDirectory } from '../machine/cache.ts';
import { run } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';
import { debianReference, debianTarball } from '../programs/debian.ts';

const slim = 'python:3.13-slim';

/**
 * The reference of an image with Python that a Dockerfile can start from: the ordinary slim one where images can
 * be pulled, else one made of Debian packages (Python, pip, FastAPI, uvicorn) with the distribution's own tools, once
 * a machine. GANGWAY_BASE_IMAGE overrides both.
 */
export async function baseImage(
  engine: Engine,
  { onProgress = () => {}, signal }: EngineOptions = {},
): Promise<string> {
  if (process.env.GANGWAY_BASE_IMAGE) return process.env.GANGWAY_BASE_IMAGE;
  return locked('base-image', async () => {
    for (const reference of [slim, debianReference]) if (await hasImage(engine, reference)) return reference;
    const tarball = join(
      await cacheDirectory(),
      `${debianReference.replaceAll(/\W/g, '-')}-${process.arch}.tar`,
    );
    if (!(await exists(tarball))) {
      if (await pulled(engine, slim, onProgress, signal)) return slim;
      const partial = `${tarball}.${process.pid}`;
      await debianTarball(partial, onProgress, signal);
      await rename(partial, tarball);
    }
    onProgress(`Importing ${debianReference}`);
    await importImage(engine, tarball);
    return debianReference;
  });
}

export function hasImage(engine: Engine, reference: string): Promise<boolean> {
  return docker(engine, ['image', 'inspect', reference]).then(
    () => true,
    () => false,
  );
}

/** Runs the engine's docker command. */
export function docker(
  engine: Engine,
  args: readonly string[],
  onOutput?: (text: string) => void,
): Promise<string> {
  const env = { ...process.env, ...engine.environment };
  return run(engine.docker, args, { env, ...(onOutput && { onOutput }) });
}

/** Whether the image could be pulled. Gives up when the registry has not begun to answer within 10 s. */
async function pulled(
  engine: Engine,
  reference: string,
  onProgress: (line: string) => void,
  stop: AbortSignal | undefined,
): Promise<boolean> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 10_000);
  const onOutput = (text: string) => {
    if (!/Pulling from/.test(text)) return;
    onProgress(`Pulling ${reference}`);
    clearTimeout(timer);
  };
  const options = {
    env: { ...process.env, ...engine.environment },
    onOutput,
    signal: AbortSignal.any([controller.signal, ...(stop ? [stop] : [])]),
    timeout: 300_000,
  };
  try {
    await run(engine.docker, ['pull', reference], options);
    return true;
  } catch {
    stop?.throwIfAborted();
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** What the official Python images give their users: `python`, pip free to install, no nagging. */
async function importImage(engine: Engine, tarball: string): Promise<void> {
  const settings = [
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'ENV LANG=C.UTF-8',
    'ENV PIP_BREAK_SYSTEM_PACKAGES=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore',
    'CMD ["python3"]',
  ];
  await docker(engine, [
    'import',
    ...settings.flatMap((line) => ['--change', line]),
    tarball,
    debianReference,
  ]);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
