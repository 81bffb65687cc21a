import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPathFilter, type PathFilter, readIgnoreFile } from '@gangway/dockerfile';

/**
 * What the builder leaves out of a build context: `Dockerfile.dockerignore` beside the Dockerfile, else `.dockerignore`
 * of the context, decides.
 *
 * @param file path of the Dockerfile
 * @throws DockerfileError for an ignore file that can't be read
 * @see https://docs.docker.com/build/concepts/context/#filename-and-location
 */
export async function contextFilter(context: string, file: string): Promise<PathFilter> {
  const text = (await read(`${file}.dockerignore`)) ?? (await read(join(context, '.dockerignore'))) ?? '';
  return createPathFilter(readIgnoreFile(text));
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
