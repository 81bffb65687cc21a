/** Why a file can't be read, as a word that callers may rely on. */
export type FileProblem =
  | 'missing'
  | 'directory'
  | 'special'
  | 'too-large'
  | 'forbidden'
  | 'encoding'
  | 'unreadable';

/** A file that can't be read. The message is a clause that follows "can't be read:", without a full stop. */
export class FileError extends Error {
  readonly problem: FileProblem;
  readonly path: string;
  /** What to do about it, where the problem alone tells. */
  readonly hint: string | undefined;

  constructor(
    problem: FileProblem,
    path: string,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'FileError';
    this.problem = problem;
    this.path = path;
    this.hint = options.hint;
  }
}
