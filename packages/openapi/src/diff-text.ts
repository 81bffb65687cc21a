import type { OperationChange, OperationsDiff } from './diff.ts';
import type { Operation } from './operation.ts';

/** A difference for a terminal, one operation a line: `+` added, `-` removed, `~` changed, `!` where a caller breaks. */
export function diffText(diff: OperationsDiff): string {
  const lines = [
    ...diff.removed.map((operation) => `! - ${label(operation)}`),
    ...diff.changed.flatMap((change) => [
      `${change.breaking ? '!' : ' '} ~ ${label(change.after)}`,
      ...change.changes.map((text) => `      ${text}`),
    ]),
    ...diff.added.map((operation) => `  + ${label(operation)} (${operation.security})`),
  ];
  return `${[...lines, headline(diff)].join('\n')}\n`;
}

/** A difference for a job's summary or a comment, in GitHub's Markdown. */
export function diffMarkdown(diff: OperationsDiff): string {
  const rows = [
    ...diff.removed.map((operation) => row(operation, 'removed', true)),
    ...diff.changed.map((change) => row(change.after, changesOf(change), change.breaking)),
    ...diff.added.map((operation) => row(operation, `added (${operation.security})`, false)),
  ];
  const head = ['| Operation | Change | Breaks callers |', '|---|---|---|'];
  return `${[headline(diff), ...(rows.length === 0 ? [] : ['', ...head, ...rows])].join('\n')}\n`;
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

function row(operation: Operation, change: string, breaking: boolean): string {
  return `| \`${label(operation)}\` | ${cell(change)} | ${breaking ? '**yes**' : 'no'} |`;
}

function changesOf({ changes }: OperationChange): string {
  return changes.join('; ');
}

/** Names come from a document that anyone may have written. */
function cell(text: string): string {
  return text.replaceAll(/[\\|<>&*_`[\]]/g, (char) => `\\${char}`);
}

function label({ method, path }: Operation): string {
  return `${method.toUpperCase()} ${path.replaceAll(/[`|\r\n]/g, ' ')}`;
}
