import { join } from 'node:path';
import { createPathFilter, type PathFilter, readIgnoreFile } from '@gangway/dockerfile';
import { FileError, LIMITS, readText } from '@gangway/files';

/**
 * What the builder leaves out of a build context: `Dockerfile.dockerignore` beside the Dockerfile, else `.dockerignore`
 * of the context, decides.
 *
 * @param file path of the Dockerfile
 * @throws DockerfileError for an ignore file that makes no sense, FileError for one that can't be read
 * @see https://docs.docker.com/build/concepts/context/#filename-and-location
 */
export async function contextFilter(context: string, file: string): Promise<PathFilter> {
  const text = read(`${file}.dockerignore`) ?? read(join(context, '.dockerignore')) ?? '';
  return createPathFilter(readIgnoreFile(text));
}

function read(path: string): string | undefined {
  try {
    return readText(path, LIMITS.ignoreFile, { lenient: true });
  } catch (error) {
    if (error instanceof FileError && error.problem === 'missing') return undefined;
    throw error;
  }
}
