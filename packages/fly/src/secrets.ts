import { ActionError } from '@gangway/action/error';

/** The longest line that flyctl reads from its standard input; it drops the rest without a word. */
const LONGEST_LINE = 65_000;
const NAME = /^[A-Za-z_]\w*$/;

/**
 * Reads lines of NAME=VALUE. A value is all that follows the first `=`; one of several lines stands between `"""` and
 * `"""`, or between NAME<<WORD and WORD, as in GitHub's own files. Empty lines and `#` comments are skipped.
 *
 * @param input the name of the input, for messages, which never quote a line: it may be a part of a secret
 * @throws ActionError `input-invalid`
 */
export function parseSecrets(text: string, input: string): Map<string, string> {
  const secrets = new Map<string, string>();
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = (lines[index] ?? '').replace(/\r$/, '');
    if (line.trim() === '' || /^\s*#/.test(line)) continue;
    const start = index + 1;
    const [, name = '', heredoc, rest = ''] = /^\s*([A-Za-z_]\w*)\s*(?:<<(\S+)\s*$|=(.*)$)/s.exec(line) ?? [];
    if (!name) {
      throw invalid(
        `Input "${input}" is not valid: line ${start} is no NAME=VALUE.`,
        'write one NAME=VALUE a line; put a value of several lines between NAME=""" and """',
      );
    }
    if (secrets.has(name)) throw invalid(`Input "${input}" sets ${name} twice.`, 'keep one');
    const open = rest.trimStart();
    if (heredoc === undefined && !open.startsWith('"""')) {
      secrets.set(name, rest.trim());
      continue;
    }
    const first = heredoc === undefined ? open.slice(3) : undefined;
    const whole = first?.trimEnd();
    if (whole?.endsWith('"""')) {
      secrets.set(name, whole.slice(0, -3));
      continue;
    }
    const value = first === undefined || first.trim() === '' ? [] : [first.replace(/\r$/, '')];
    const ends = (candidate: string) =>
      heredoc === undefined ? candidate.trimEnd().endsWith('"""') : candidate.trim() === heredoc;
    for (index++; index < lines.length && !ends(lines[index] ?? ''); index++) {
      value.push((lines[index] ?? '').replace(/\r$/, ''));
    }
    if (index >= lines.length) {
      throw invalid(
        `Input "${input}" is not valid: the value of ${name}, from line ${start} on, has no end.`,
        `end it with a line ${heredoc ?? '"""'}`,
      );
    }
    const last = heredoc === undefined ? (lines[index] ?? '').trimEnd().slice(0, -3) : '';
    if (last !== '') value.push(last);
    secrets.set(name, value.join('\n'));
  }
  return secrets;
}

/**
 * The standard input with which `flyctl secrets import` reads exactly these values: it takes comments and quotes out of
 * bare ones, and drops what follows a line that is too long.
 *
 * @throws ActionError `secret-unwritable` for a value that its format can't say
 * @see https://github.com/superfly/flyctl/blob/master/internal/command/secrets/parser.go
 */
export function formatSecrets(secrets: ReadonlyMap<string, string>): string {
  return [...secrets].map(([name, value]) => `${name}=${format(name, value)}\n`).join('');
}

/** Whether a text may be the name of a secret, which becomes an environment variable. */
export function isSecretName(text: string): boolean {
  return NAME.test(text);
}

function format(name: string, value: string): string {
  const lines = value.split('\n');
  const [first = '', ...others] = lines;
  const long = lines.some((line) => Buffer.byteLength(line) > LONGEST_LINE);
  // A "#" begins a comment unless an odd number of double quotes stands before it.
  const odd = (first.split('#', 1)[0]?.split('"').length ?? 1) % 2 === 0;
  const comment = first.includes('#');
  if (others.length === 0 && !long) {
    if (!comment || odd) return `'${value}'`;
    return `"""${value}"""`;
  }
  const lost =
    long ||
    (comment && odd) ||
    first.endsWith('"""') ||
    lines.slice(0, -1).some((line) => line.endsWith('\r')) ||
    others.slice(0, -1).some((line) => line.endsWith('"""'));
  if (lost) {
    throw new ActionError(
      `The value of the secret ${name} can't be given to flyctl as it is: ${long ? 'a line of it is longer than 64 kB' : 'of several lines, one ends with """ or a carriage return, or the first has a # after a quote'}.`,
      { code: 'secret-unwritable', hint: 'encode it, e.g. in base64, and decode it in the app' },
    );
  }
  return `"""${value}"""`;
}

function invalid(message: string, hint: string): ActionError {
  return new ActionError(message, { code: 'input-invalid', hint });
}
