import { blocks, type Content, code, md, table } from '@gangway/markdown';
import type { Operation } from '../operation.ts';
import type { OperationsDiff } from './diff.ts';

/**
 * A difference for a terminal, one operation a line: `+` added, `-` removed, `~` changed, `!` where a caller breaks; below
 * each, what changed and where.
 */
export function diffText(diff: OperationsDiff): string {
  const lines = [
    ...diff.removed.map((operation) => `! - ${label(operation)}`),
    ...diff.changed.flatMap((change) => [
      `${change.breaking ? '!' : ' '} ~ ${label(change.after)}`,
      ...change.details.map(
        ({ text, breaking, pointer }) => `    ${breaking ? '!' : ' '} ${text}  (${pointer})`,
      ),
    ]),
    ...diff.added.map((operation) => `  + ${label(operation)} (${operation.security})`),
  ];
  return `${[...lines, headline(diff)].join('\n')}\n`;
}

/** A difference for a job's summary or a comment, in GitHub's Markdown. */
export function diffMarkdown(diff: OperationsDiff): string {
  const rows = [
    ...diff.removed.map((operation) => row(operation, 'removed', true)),
    ...diff.changed.map(({ after, changes, breaking }) => row(after, changes.join('; '), breaking)),
    ...diff.added.map((operation) => row(operation, `added (${operation.security})`, false)),
  ];
  const head = ['Operation', 'Change', 'Breaks callers'];
  return `${blocks(headline(diff), rows.length === 0 ? '' : table(head, rows))}\n`;
}

/** `2 added, 1 removed, 3 changed; 2 break callers.` */
function headline(diff: OperationsDiff): string {
  const counts = (['added', 'removed', 'changed'] as const).flatMap((kind) =>
    diff[kind].length === 0 ? [] : [`${diff[kind].length} ${kind}`],
  );
  if (counts.length === 0) return 'No operation differs.';
  const breaking = diff.removed.length + diff.changed.filter((change) => change.breaking).length;
  const verdict =
    breaking === 0 ? 'none breaks callers' : `${breaking} ${breaking === 1 ? 'breaks' : 'break'} callers`;
  return `${counts.join(', ')}; ${verdict}.`;
}

function row(operation: Operation, change: string, breaking: boolean): Content[] {
  return [code(label(operation)), change, breaking ? md`**yes**` : 'no'];
}

function label({ method, path }: Operation): string {
  return `${method.toUpperCase()} ${path.replaceAll(/[\r\n]/g, ' ')}`;
}
