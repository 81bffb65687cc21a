import { ActionError } from '@gangway/action/error';

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

/** Whether a text may be the name of a secret, which becomes an environment variable. */
export function isSecretName(text: string): boolean {
  return NAME.test(text);
}

function invalid(message: string, hint: string): ActionError {
  return new ActionError(message, { code: 'input-invalid', hint });
}
