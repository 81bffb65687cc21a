/** An argument of a command as the log shows it: in quotes where it is empty or holds more than one word, on one line. */
export function quoted(argument: string): string {
  const isPlain = argument !== '' && !/[\s"\p{C}\p{Z}]/u.test(argument);
  return isPlain ? argument : JSON.stringify(argument).replace(/[^\P{C} ]|[\p{Zl}\p{Zp}\x85]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
