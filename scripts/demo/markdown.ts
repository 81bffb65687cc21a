/** A job summary as lines for a terminal: tables aligned, marks of emphasis and code taken off. */
export function readableMarkdown(markdown: string): string[] {
  const lines = markdown.trim().split('\n');
  const out: string[] = [];
  for (let at = 0; at < lines.length; ) {
    if (isRow(lines[at])) {
      const start = at;
      while (isRow(lines[at])) at++;
      out.push(...table(lines.slice(start, at)));
    } else {
      out.push(inline((lines[at++] ?? '').replace(/^#+\s*/, '')));
    }
  }
  return out.filter((line, at) => line !== '' || (out[at - 1] ?? '') !== '');
}

function isRow(line: string | undefined): boolean {
  return line?.trimStart().startsWith('|') ?? false;
}

/** A cell of several lines takes several rows of the terminal. */
function table(rows: readonly string[]): string[] {
  const cells = rows
    .filter((row) => !/^[|\s:-]+$/.test(row))
    .map((row) =>
      row
        .trim()
        .replace(/^\||\|$/g, '')
        .split(/(?<!\\)\|/)
        .map((cell) =>
          cell
            .trim()
            .split(/<br\s*\/?>/)
            .map(inline),
        ),
    );
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(0, ...cells.flatMap((row) => (row[column] ?? []).map((line) => line.length))),
  );
  return cells.flatMap((row) =>
    Array.from({ length: Math.max(...row.map((cell) => cell.length)) }, (_, line) =>
      `  ${row.map((cell, column) => (cell[line] ?? '').padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
    ),
  );
}

function inline(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, (_, label: string, url: string) =>
      label === url || label === '' ? url : `${label} (${url})`,
    )
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/(\*\*|__)(.*?)\1/g, '$2')
    .replace(/`([^`]*)`/g, '$1')
    .replaceAll('\\|', '|');
}
