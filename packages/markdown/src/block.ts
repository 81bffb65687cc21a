import { type Content, Markdown, sourceOf } from './markdown.ts';

/** Lines as they are, in a fence that nothing in them can end. */
export function fence(text: string, language = ''): Markdown {
  const lines = text.toWellFormed().replace(/\r\n?/g, '\n');
  const marks = '`'.repeat(Math.max(3, ...[...lines.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return new Markdown(`${marks}${language}\n${lines}\n${marks}`);
}

/** How a column is aligned. */
export type Column = '---' | '--:';

/** A table. */
export function table(
  head: readonly Content[],
  rows: readonly (readonly Content[])[],
  columns: readonly Column[] = head.map(() => '---'),
): Markdown {
  return new Markdown([row(head), `|${columns.join('|')}|`, ...rows.map(row)].join('\n'));
}

/** Blocks one after another; those that are empty are left out. */
export function blocks(...parts: readonly Content[]): Markdown {
  return new Markdown(
    parts
      .map(sourceOf)
      .filter((source) => source.trim() !== '')
      .join('\n\n'),
  );
}

/** A block that opens on demand. */
export function details(summary: Content, content: Content): Markdown {
  return new Markdown(
    `<details><summary>${sourceOf(summary)}</summary>\n\n${sourceOf(content)}\n\n</details>`,
  );
}

/** A numbered list. */
export function numbered(items: readonly Content[]): Markdown {
  return new Markdown(items.map((item, index) => `${index + 1}. ${sourceOf(item)}`).join('\n'));
}

function row(cells: readonly Content[]): string {
  const sources = cells.map((cell) => sourceOf(cell).replaceAll('\n', '<br>').replaceAll('|', '\\|'));
  return `|${sources.map((source) => (source === '' ? ' ' : ` ${source} `)).join('|')}|`;
}
