/**
 * A text as Markdown that shows just this text, wherever it stands: in a paragraph, a heading, a list or a table. What
 * means nothing there stays as it is, so that ordinary names can be read in the source, too.
 *
 * Character references do it, since they never are part of a structure. GitHub also finds mentions, issues, addresses and
 * emoji in the text that was rendered; a zero-width space stops that.
 *
 * @see https://github.github.com/gfm/#entity-and-numeric-character-references
 */
export function escaped(text: string): string {
  return visible(text)
    .trim()
    .replace(MEANING, (character) => {
      if (character === '@') return `@${NOTHING}`;
      return reference(character) + (/[#:-]/.test(character) ? NOTHING : '');
    })
    .replace(/ *\n */g, '<br>');
}

/** A text without what can't be seen: controls and spaces become a space, what turns the direction of others a mark. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\x85]/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]|[^\P{Cc}\n]/gu, '\ufffd');
}

/** The reference that stands for a character. */
export function reference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

/** A zero-width space. */
export const NOTHING = '&#8203;';

/** What may mean something. */
const MEANING = new RegExp(
  [
    /[\\`*~[\]<>|$#@]|&(?=[#A-Za-z])/,
    // Emphasis, which within a word is none.
    /(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/,
    // At the start of a line: a list, a rule, a heading's line.
    /^[-+](?=\s|$)|^-(?=[-\s]*$)|^=(?==*\s*$)|(?<=^\d{1,9})[.)](?=\s|$)/,
    // An address.
    /(?<=https?|ftp):(?=\/\/)|(?<=www)\./,
    // An issue; an emoji, but no part of an IPv6 address.
    /(?<=GH)-(?=\d)|:(?=(?!\d+:|(?=[a-f]*\d)[\da-f]{1,4}:)[\w+-]+:|100:|1234:)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gim',
);
