import type { Layer } from '@gangway/registry';
import { formatBytes, type LayerChange, layerChanges, readableInstruction } from './layer-changes.ts';

/** A summary has room for so many. */
const ROWS = 30;

/** Markdown: the layers of an image and how much each grew against the image before, if there was one. */
export function layerTable(layers: readonly Layer[], before: readonly Layer[] | undefined): string {
  if (layers.length === 0) return '';
  const total = sum(layers);
  const changes = layerChanges(layers, before ?? []);
  const rows = changes
    .slice(0, ROWS)
    .map((change) => [
      code(readableInstruction(change) || change.digest.slice(0, 19)),
      formatBytes(change.size),
      before ? describe(change) : undefined,
    ]);
  const left = changes.length - rows.length;
  const lines = [
    ...rows,
    ...(left > 0 ? [[`${left} more`, formatBytes(sum(changes.slice(ROWS))), before && '']] : []),
    [
      `**${layers.length} layers**`,
      `**${formatBytes(total)}**`,
      before && `**${grown(total - sum(before))}**`,
    ],
  ].map(row);
  const head = ['Layer', 'Size', before && 'Against the image before'];
  return [row(head), row(head.map((cell) => cell && (cell === 'Layer' ? '---' : '--:'))), ...lines].join(
    '\n',
  );
}

function row(cells: readonly (string | undefined)[]): string {
  return `| ${cells.filter((cell) => cell !== undefined).join(' | ')} |`;
}

function describe({ change }: LayerChange): string {
  if (change === 'same') return 'same';
  return change === undefined ? 'new' : `changed, ${grown(change)}`;
}

function grown(bytes: number): string {
  return bytes < 0 ? `−${formatBytes(-bytes)}` : `+${formatBytes(bytes)}`;
}

function sum(layers: readonly Layer[]): number {
  return layers.reduce((bytes, { size }) => bytes + size, 0);
}

/** Code in a table, whatever the Dockerfile holds. */
function code(text: string): string {
  const plain = text.replaceAll('`', "'").replaceAll('|', '\\|');
  return `\`${plain}\``;
}
