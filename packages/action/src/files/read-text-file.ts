import { FileError, readText } from '@gangway/files';
import { ActionError } from '../error.ts';
import { missingFileHint } from './missing-file.ts';

/** What names a file: an input, with its value where that is not the path itself; or a variable of the environment. */
type NamedBy = { readonly input: string; readonly value?: string } | { readonly variable: string };

export interface TextFileOptions {
  /** In bytes: one of `LIMITS`. */
  readonly limit: number;
  /** What to do when the file is not there. */
  readonly hint?: string;
}

/**
 * Reads a text file that an input or a variable names: a regular file, up to a limit, in UTF-8.
 *
 * @throws ActionError `input-invalid` or `file-unreadable` that names the input, the path, the reason and the fix
 */
export function readTextFile(path: string, by: NamedBy, { limit, hint }: TextFileOptions): string {
  try {
    return readText(path, limit);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const usual =
      'check the path; does actions/checkout, or the step that creates the file, come before this step';
    const cure = hint ?? usual;
    const options = {
      hint: error.hint ?? (error.problem === 'missing' ? missingFileHint(cure) : cure),
      cause: error,
    };
    if ('input' in by)
      throw new ActionError(
        `Input "${by.input}" is not valid: "${by.value ?? path}" can't be read, as ${error.message}.`,
        { code: 'input-invalid', ...options },
      );
    throw new ActionError(
      `The environment variable ${by.variable} names ${path}, which can't be read: ${error.message}.`,
      { code: 'file-unreadable', ...options },
    );
  }
}
