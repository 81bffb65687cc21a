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
