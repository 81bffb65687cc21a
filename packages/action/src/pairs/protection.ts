const BEFORE_QUOTE = /[\s,:=([{]/;
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

/**
 * Where the part of a value that begins with a quote or a bracket ends, if it ends on its line. Commas in such a part
 * do not separate pairs. An apostrophe in a word is no quote, and a bracket without its partner no bracket.
 *
 * @param start where the value begins
 * @param at where the quote or bracket stands
 * @returns the place of the closing quote or bracket, or undefined where nothing is protected
 */
export function protectedUntil(text: string, start: number, at: number): number | undefined {
  const character = text[at] ?? '';
  if (character === '"' || character === "'")
    return at === start || BEFORE_QUOTE.test(text[at - 1] ?? '')
      ? closingQuote(text, at, /[\s,]/)
      : undefined;
  return character in CLOSING ? closingBracket(text, at) : undefined;
}

/** The quote that closes one: something that can't be part of a word follows it. */
function closingQuote(text: string, open: number, follows: RegExp): number | undefined {
  for (let at = open + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[open] && (at + 1 === text.length || follows.test(text[at + 1] ?? '')))
      return at;
  }
  return undefined;
}

function closingBracket(text: string, open: number): number | undefined {
  const wanted: string[] = [];
  for (let at = open; at < text.length && text[at] !== '\n'; at++) {
    const character = text[at] ?? '';
    if (character === '\\') at++;
    else if (character in CLOSING) wanted.push(CLOSING[character] ?? '');
    else if (character === wanted.at(-1)) {
      wanted.pop();
      if (wanted.length === 0) return at;
    } else if (
      (character === '"' || character === "'") &&
      /[\s,:=([{]/.test(text[at - 1] ?? '') &&
      // In JSON a colon or a bracket may follow too.
      closingQuote(text, at, /[\s,:\])}]/) !== undefined
    )
      at = closingQuote(text, at, /[\s,:\])}]/) ?? at;
  }
  return undefined;
}
