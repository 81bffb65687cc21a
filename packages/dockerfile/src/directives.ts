import { DockerfileError } from './error.ts';

/** The character that takes the meaning of the one after it, and continues a line. */
export type Escaper = '\\' | '`';

/** The parser directives of a Dockerfile. */
export interface Directives {
  /** The frontend image that reads the file, e.g. `docker/dockerfile:1`. */
  readonly syntax: string | undefined;
  readonly escaper: Escaper;
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const KNOWN = new Set(['syntax', 'escape', 'check']);

/**
 * Reads the directives: comments of the form `# name=value` before anything else. The first line that is none ends them.
 *
 * @throws DockerfileError for one that is given twice, and for an escape that is neither backslash nor backquote
 * @see https://docs.docker.com/reference/dockerfile/#parser-directives
 */
export function readDirectives(lines: readonly string[]): Directives {
  const values = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, name = '', value = ''] = DIRECTIVE.exec(line.trimStart()) ?? [];
    const key = name.toLowerCase();
    if (!KNOWN.has(key)) break;
    if (values.has(key)) throw new DockerfileError(`only one ${key} parser directive can be used`, index + 1);
    if (key === 'escape' && value !== '\\' && value !== '`')
      throw new DockerfileError(`the escape character must be \\ or \`, not ${value}`, index + 1);
    values.set(key, value);
  }
  return {
    // What follows a blank are options of the frontend.
    syntax: values.get('syntax')?.split(' ')[0],
    escaper: values.get('escape') === '`' ? '`' : '\\',
  };
}
