import { DockerfileError } from '@gangway/dockerfile';
import { FileError } from '@gangway/files';

/** Why a build has no key: something that decides what is in the image can't be told before the build. */
export class NoKey extends Error {
  override readonly name = 'NoKey';
}

/**
 * What stopped the search for a key, as the reason that there is none: a Dockerfile or a file that can't be read, about which the build
 * itself says more. Anything else, such as a connection that breaks, stays what it is.
 */
export function asNoKey(error: unknown): unknown {
  if (error instanceof DockerfileError) {
    const line = error.line ? `, line ${error.line}` : '';
    return new NoKey(`the Dockerfile can't be read (${error.message}${line})`);
  }
  if (error instanceof FileError) return new NoKey(`${error.path} can't be read (${error.message})`);
  if (isOfTheFileSystem(error)) return new NoKey(`the build context can't be read (${error.message})`);
  return error;
}

/** A line for the log: why an image is built though one of the same sources might be there. */
export function whyBuilding(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return error instanceof NoKey
    ? `Building, because ${why}.`
    : `Building, because earlier images could not be looked up: ${why}`;
}

/** A broken connection has a system call too, but no path. */
function isOfTheFileSystem(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
