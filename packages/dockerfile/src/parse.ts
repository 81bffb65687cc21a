import { type Directives, type Escaper, readDirectives } from './directives.ts';
import { DockerfileError } from './error.ts';
import { endsHeredoc, findHeredocs, type Heredoc } from './heredoc.ts';
import { type Instruction, splitInstruction } from './instruction.ts';

export interface Dockerfile extends Directives {
  readonly instructions: readonly Instruction[];
}

/**
 * Reads a Dockerfile as BuildKit's frontend does: directives, comments, continued lines, here-documents.
 *
 * @throws DockerfileError with the line, where the frontend would refuse it too
 * @see https://docs.docker.com/reference/dockerfile/#format
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text.replace(/^\uFEFF/, '').split(/(?<=\n)/);
  const directives = readDirectives(lines);
  const reader = new LineReader(lines, directives.escaper);
  const instructions = [...reader.instructions()];
  if (instructions.length === 0) throw new DockerfileError('file with no instructions', lines.length);
  return { ...directives, instructions };
}

/** The instructions that a here-document may follow. */
const TAKES_HEREDOC = new Set(['ADD', 'COPY', 'RUN']);

class LineReader {
  readonly #lines: readonly string[];
  readonly #escaper: Escaper;
  readonly #continuation: RegExp;
  #at = 0;

  constructor(lines: readonly string[], escaper: Escaper) {
    this.#lines = lines;
    this.#escaper = escaper;
    this.#continuation = escaper === '`' ? /(^|[^`])`[ \t]*$/ : /(^|[^\\])\\[ \t]*$/;
  }

  *instructions(): Generator<Instruction> {
    while (this.#at < this.#lines.length) {
      const line = this.#at + 1;
      const text = this.#logicalLine();
      if (text === undefined) continue;
      const split = splitInstruction(text, this.#escaper, line);
      const inner = split.trigger ?? split;
      const takes = TAKES_HEREDOC.has(inner.keyword) && inner.list === undefined;
      const heredocs =
        takes && text.includes('<<') ? findHeredocs(text).map((start) => this.#heredoc(start, line)) : [];
      yield {
        ...split,
        ...(split.trigger && { trigger: { ...split.trigger, heredocs } }),
        heredocs,
        lastLine: this.#at,
      };
    }
  }

  /** The next line with those it is continued by, without comments; undefined for a blank one. */
  #logicalLine(): string | undefined {
    let [text, ends] = this.#cut(withoutComment(this.#take().trimStart()));
    if (ends && text === '') return undefined;
    while (!ends && this.#at < this.#lines.length) {
      const next = this.#take();
      // Comments and blank lines don't end a continued line.
      if (withoutComment(next).trim() === '') continue;
      const [more, last] = this.#cut(next);
      text += more;
      ends = last;
    }
    return text.trim() === '' ? undefined : text;
  }

  #cut(line: string): [text: string, ends: boolean] {
    return this.#continuation.test(line) ? [line.replace(this.#continuation, '$1'), false] : [line, true];
  }

  #heredoc(start: Omit<Heredoc, 'content'>, line: number): Heredoc {
    let content = '';
    while (this.#at < this.#lines.length) {
      const raw = this.#lines[this.#at] ?? '';
      const text = this.#take();
      if (endsHeredoc(text, start)) return { ...start, content };
      content += raw;
    }
    throw new DockerfileError(`the here-document ${start.name} is not ended`, line);
  }

  #take(): string {
    return (this.#lines[this.#at++] ?? '').replace(/[\r\n]+$/, '');
  }
}

function withoutComment(line: string): string {
  return line.trimStart().startsWith('#') ? '' : line;
}
