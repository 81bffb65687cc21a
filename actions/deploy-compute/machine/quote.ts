/** A text as one word of a shell, whatever is in it (POSIX 2.2.2: nothing is special between single quotes but the quote). */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A text as it may stand in a setting of a systemd unit: `%` begins a specifier there, a backslash an escape, and a line ends it
 * (https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Specifiers).
 */
export function unitText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
    .replace(/[\r\n]+/g, ' ');
}
