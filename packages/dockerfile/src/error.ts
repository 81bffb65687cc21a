/** A Dockerfile, or an ignore file, that can't be read as BuildKit would read it. */
export class DockerfileError extends Error {
  override readonly name = 'DockerfileError';
  /** Of the file, counted from 1. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** Runs something that knows no line, and adds it to what it throws. */
export function at<T>(line: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof DockerfileError && error.line === undefined
      ? new DockerfileError(error.message, line)
      : error;
  }
}
