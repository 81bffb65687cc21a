/** A workflow command: `::error file=app.py,line=3::No such path`. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly value: string;
}

/**
 * The workflow command that a line of output is, if it is one.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function parseCommand(line: string): Command | undefined {
  const match = /^\s*::([a-z-]+)(?:\s+(.*?))?::(.*)$/s.exec(line);
  if (!match) return undefined;
  const [, name = '', properties = '', value = ''] = match;
  const pairs = properties.split(',').map((pair) => /^\s*([^=]+)=(.*)$/s.exec(pair));
  return {
    name,
    properties: Object.fromEntries(
      pairs.flatMap((pair) => (pair ? [[pair[1], unescapeProperty(pair[2] ?? '')]] : [])),
    ),
    value: unescapeValue(value),
  };
}

function unescapeValue(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeValue(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}
