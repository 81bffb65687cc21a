import { DockerfileError } from '../error.ts';
import { cleanPath } from './clean-path.ts';

/**
 * The patterns of a `.dockerignore`: comments and blank lines left out, paths cleaned, a leading slash dropped, an
 * exception's `!` kept.
 *
 * @see https://docs.docker.com/build/concepts/context/#syntax
 */
export function readIgnoreFile(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const exception = line.startsWith('!');
      const path = exception ? line.slice(1).trim() : line;
      if (path === '') throw new DockerfileError('illegal exclusion pattern: "!"');
      const cleaned = cleanPath(path);
      const relative = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
      return exception ? `!${relative}` : relative;
    });
}
