import { describe, expect, it } from 'vitest';
import type { Escaper } from './directives.ts';
import { expand } from './expand.ts';

const values: Record<string, string> = { A: 'one', EMPTY: '', PATH: '/usr/local/lib/x.tar.gz', _1: 'u' };
// Written with @{ for ${, which in a string looks like a forgotten template.
const fill = (word: string, escaper?: Escaper) =>
  expand(word.replaceAll('@{', '$' + '{'), (name) => values[name], escaper);

describe('expand', () => {
  // The results are those of BuildKit's own tests (frontend/dockerfile/shell), and of sh.
  it.each([
    ['$A', 'one'],
    ['@{A}x$A', 'onexone'],
    ['$_1', 'u'],
    ['$NONE.', '.'],
    ['a$', 'a$'],
    ['\\$A', '$A'],
    ["'$A'", '$A'],
    ['"$A"', 'one'],
    ['"\\$A \\" \\x"', '$A " \\x'],
    ['@{NONE:-x y}', 'x y'],
    ['@{EMPTY:-x}', 'x'],
    ['@{EMPTY-x}', ''],
    ['@{NONE-@{A}}', 'one'],
    ['@{A:+set}', 'set'],
    ['@{EMPTY:+set}', ''],
    ['@{EMPTY+set}', 'set'],
    ['@{A:?no}', 'one'],
    ['@{PATH#*/}', 'usr/local/lib/x.tar.gz'],
    ['@{PATH##*/}', 'x.tar.gz'],
    ['@{PATH%.*}', '/usr/local/lib/x.tar'],
    ['@{PATH%%.*}', '/usr/local/lib/x'],
    ['@{PATH/l/L}', '/usr/Local/lib/x.tar.gz'],
    ['@{PATH//l/L}', '/usr/LocaL/Lib/x.tar.gz'],
    ['@{PATH//\\//-}', '-usr-local-lib-x.tar.gz'],
    ['node:@{NODE:-20}-slim', 'node:20-slim'],
  ])('%s gives %s', (word, result) => expect(fill(word)).toBe(result));

  it('escapes by a backquote where the file says so', () => {
    expect(fill('`$A c:\\d', '`')).toBe('$A c:\\d');
  });

  it.each([
    ['@{A', 'bad substitution|missing|unsupported'],
    ['@{}', 'bad substitution'],
    ['@{NONE:?it must be there}', 'NONE: it must be there'],
    ['@{EMPTY:?}', 'EMPTY: is not allowed to be empty'],
    ['@{A!x}', 'unsupported modifier'],
    ["'a", 'single quote'],
    ['"a', 'double quote'],
  ])('refuses %s', (word, message) => expect(() => fill(word)).toThrow(new RegExp(message)));
});
