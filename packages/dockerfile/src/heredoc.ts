import { unquote } from './expand.ts';

/** A here-document that an instruction is followed by. */
export interface Heredoc {
  /** The word that ends it. */
  readonly name: string;
  /** Whether leading tabs are dropped (`<<-`). */
  readonly chomp: boolean;
  readonly content: string;
}

/** How a here-document was announced on the line of its instruction. */
export type HeredocStart = Omit<Heredoc, 'content'>;

const START = /^\d*<<(-?)\s*([^<]*)$/;

/**
 * Finds the here-documents that a line announces: words such as `<<EOF`, `<<-EOF`, `3<<'EOF'`.
 *
 * @see https://docs.docker.com/reference/dockerfile/#here-documents
 */
export function findHeredocs(line: string): HeredocStart[] {
  return words(line).flatMap((word) => {
    const [, dash, rest = ''] = START.exec(word) ?? [];
    const name = unquote(rest);
    return name !== '' && words(rest).length === 1 ? [{ name, chomp: dash === '-' }] : [];
  });
}

/** Whether a line is the one that ends a here-document. */
export function endsHeredoc(line: string, { name, chomp }: HeredocStart): boolean {
  return (chomp ? line.replace(/^\t+/, '') : line) === name;
}

/** Words as a shell splits them, quotes kept; blanks after `<<` part nothing. */
function words(line: string): string[] {
  return line.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|<<[\t\r ]*|[^\s'"\\]|['"\\])+/g) ?? [];
}
