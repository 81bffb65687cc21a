/** A workflow command: `::error file=app.py,line=3::No such path`, or the same as `##[error file=app.py;line=3]No such path`. */
export interface Command {
  /** As it was written; the runner compares it in any case. */
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly value: string;
}

/**
 * What the runner registers for the steps of a job, in lower case. `internal-set-repo-path` is registered for its own
 * plugins only.
 */
export const COMMANDS: ReadonlySet<string> = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

/**
 * The workflow command that a line of output is, if it is one, by the grammar of GitHub's runner: `::name` after white
 * space, else `##[name` anywhere.
 *
 * @param registered names in lower case; what has another name is text
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function parseCommand(line: string, registered: ReadonlySet<string> = COMMANDS): Command | undefined {
  // The runner's searches pass over what has no weight; where exactly depends on its ICU, so that this takes more for
  // commands than any of them does.
  const weighed = line.replace(WEIGHTLESS, '');
  return (
    parseColons(line, registered) ??
    parseBrackets(line, registered) ??
    parseColons(weighed, registered) ??
    parseBrackets(weighed, registered)
  );
}

/** What a search by a culture's rules may pass over: control and format characters, marks, and what is not drawn. */
const WEIGHTLESS = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}]/gu;

/** What .NET's `TrimStart` and `Trim` take for white space, U+0085 as well. */
const LEADING = /^[\s\x85]+/;
const TRAILING = /[\s\x85]+$/;

/** `TryParseV2`. */
function parseColons(line: string, registered: ReadonlySet<string>): Command | undefined {
  const message = line.replace(LEADING, '');
  const end = message.indexOf('::', 2);
  if (!message.startsWith('::') || end < 0) return undefined;
  const { name, rest } = split(message.slice(2, end));
  if (!registered.has(name.toLowerCase())) return undefined;
  const properties = rest.replace(LEADING, '').replace(TRAILING, '');
  return {
    name,
    properties: pairs(properties, ',', [...DATA, ['%3A', ':'], ['%2C', ','], PERCENT]),
    value: unescaped(message.slice(end + 2), [...DATA, PERCENT]),
  };
}

/** `TryParse`. */
function parseBrackets(line: string, registered: ReadonlySet<string>): Command | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const { name, rest } = split(line.slice(start + 3, end));
  if (!registered.has(name.toLowerCase())) return undefined;
  const escapes: Escapes = [['%3B', ';'], ...DATA, ['%5D', ']'], PERCENT];
  return {
    name,
    properties: pairs(rest, ';', escapes),
    value: unescaped(line.slice(end + 1), escapes),
  };
}

type Escapes = readonly (readonly [escaped: string, plain: string])[];
const DATA: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
];
/** The last one, or what it gives would be read again. */
const PERCENT = ['%25', '%'] as const;

function split(info: string): { name: string; rest: string } {
  const space = info.indexOf(' ');
  return space < 0 ? { name: info, rest: '' } : { name: info.slice(0, space), rest: info.slice(space + 1) };
}

function pairs(text: string, separator: string, escapes: Escapes): Record<string, string> {
  const found: Record<string, string> = {};
  for (const property of text.split(separator)) {
    // An empty side is no side: `=a=b` is the property a.
    const [, name, value] = /^=*([^=]+)=+([^=].*)$/s.exec(property) ?? [];
    if (name !== undefined && value !== undefined) found[name] = unescaped(value, escapes);
  }
  return found;
}

function unescaped(text: string, escapes: Escapes): string {
  return escapes.reduce((plain, [escaped, character]) => plain.replaceAll(escaped, character), text);
}
