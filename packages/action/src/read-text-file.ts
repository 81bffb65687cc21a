import { FileError, readText } from '@gangway/files';
import { ActionError } from './error.ts';

export interface TextFileOptions {
  /** What names the file, as the start of a sentence: `Input "metadata"`. */
  readonly what: string;
  /** In bytes: one of `LIMITS`. */
  readonly limit: number;
  /** What to do when the file is not there. */
  readonly hint?: string;
  /** Takes bytes that are not UTF-8, as Docker does. */
  readonly lenient?: boolean;
}

/**
 * Reads a text file that a person or a tool names: a regular file, up to a limit, in UTF-8.
 *
 * @throws ActionError `file-unreadable` that names the input, the path, the reason and the fix
 */
export function readTextFile(path: string, { what, limit, hint, lenient = false }: TextFileOptions): string {
  try {
    return readText(path, limit, { lenient });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ActionError(`${what} names ${path}, which can't be read: ${error.message}.`, {
      code: 'file-unreadable',
      hint:
        error.hint ??
        hint ??
        'check the path, which is relative to the workspace; is actions/checkout, or the step that makes it, before this one',
      cause: error,
    });
  }
}
