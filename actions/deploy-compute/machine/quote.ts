/** A text as one word of a shell, whatever is in it (POSIX 2.2.2: nothing is special between single quotes but the quote). */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
