/** A command of a unit, taken apart (https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html, "Command lines"). */
export interface CommandLine {
  readonly words: readonly string[];
  /** Whether its failure is none: `-`. */
  readonly mayFail: boolean;
  /** Whether variables stand as they are: `:`. */
  readonly isLiteral: boolean;
  /** Whether it runs as root whatever the unit's user is: `+` and `!`. */
  readonly isPrivileged: boolean;
}

/**
 * The commands of a value, several of them with a `;` of its own between.
 *
 * @throws Error for a quote that isn't closed, or no command
 */
export function commandLines(value: string): readonly CommandLine[] {
  const groups: Word[][] = [[]];
  for (const word of words(value)) {
    if (word.text === ';' && !word.isQuoted) groups.push([]);
    else groups.at(-1)?.push(word);
  }
  return groups.filter((group) => group.length > 0).map((group) => commandOf(group.map(({ text }) => text)));
}

function commandOf([first = '', ...rest]: readonly string[]): CommandLine {
  const [, prefix = '', program = ''] = /^([-@:+!|]*)(.*)$/s.exec(first) ?? [];
  if (program === '') throw new Error('Empty path in command line');
  // With `@` the second word is what the program finds as its own name, which no command here minds.
  const args = prefix.includes('@') ? rest.slice(1) : rest;
  return {
    words: [program, ...args],
    mayFail: prefix.includes('-'),
    isLiteral: prefix.includes(':'),
    isPrivileged: /[+!]/.test(prefix),
  };
}

interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', s: ' ' },
};

/** Words as systemd splits them: quotes and C's escapes. @throws Error for a quote that isn't closed */
export function words(text: string): readonly Word[] {
  const found: Word[] = [];
  let [word, isQuoted, isOpen] = ['', false, false];
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '\\') {
      const { value, length } = escaped(text.slice(at + 1));
      word += value;
      at += length;
      isOpen = true;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      [isQuoted, isOpen] = [true, true];
    } else if (/\s/.test(char)) {
      if (isOpen) found.push({ text: word, isQuoted });
      [word, isQuoted, isOpen] = ['', false, false];
    } else {
      word += char;
      isOpen = true;
    }
  }
  if (quote !== '') throw new Error('Unbalanced quoting');
  if (isOpen) found.push({ text: word, isQuoted });
  return found;
}

function escaped(after: string): { readonly value: string; readonly length: number } {
  const [, hex] = /^x([0-9a-f]{2})/i.exec(after) ?? [];
  if (hex) return { value: String.fromCharCode(Number.parseInt(hex, 16)), length: 3 };
  const char = after[0] ?? '';
  // What is no escape stays as it is, as for a shell that comes later.
  const value = ESCAPES[char] ?? (/[\\"' ;]/.test(char) ? char : `\\${char}`);
  return { value, length: 1 };
}

/**
 * Puts variables in: `${NAME}` as it is, `$NAME` that is a word of its own as the words that it has. `$$` is a dollar.
 */
export function expand(all: readonly string[], env: Readonly<Record<string, string>>): readonly string[] {
  return all.flatMap((word, index) => {
    const [, alone] = /^\$([A-Za-z_]\w*)$/.exec(word) ?? [];
    if (alone !== undefined && index > 0) return words(env[alone] ?? '').map(({ text }) => text);
    return [
      word.replace(/\$\$|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g, (whole, braced, bare) =>
        whole === '$$' ? '$' : (env[braced ?? bare] ?? ''),
      ),
    ];
  });
}
