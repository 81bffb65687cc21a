import { counted } from '@gangway/action';
import { code, type Markdown, md, table } from '@gangway/markdown';
import type { Layer } from '@gangway/registry';
import {
  formatBytes,
  type LayerChange,
  layerChanges,
  readableInstruction,
} from '../compare/layer-changes.ts';

/** A summary has room for so many. */
const ROWS = 30;

/** The layers of an image and how much each grew against the image before, if there was one. */
export function layerTable(layers: readonly Layer[], before: readonly Layer[] | undefined): Markdown | '' {
  if (layers.length === 0) return '';
  const total = sum(layers);
  const changes = layerChanges(layers, before ?? []);
  const shown = changes
    .slice(0, ROWS)
    .map((change) => [
      code(readableInstruction(change) || change.digest.slice(0, 19)),
      formatBytes(change.size),
      describe(change),
    ]);
  const left = changes.length - shown.length;
  const rows = [
    ...shown,
    ...(left > 0 ? [[`${left} more`, formatBytes(sum(changes.slice(ROWS))), '']] : []),
    [
      md`**${counted(layers.length, 'layer')}**`,
      md`**${formatBytes(total)}**`,
      md`**${grown(total - sum(before ?? []))}**`,
    ],
  ];
  const width = before ? 3 : 2;
  return table(
    ['Layer', 'Size', 'Against the image before'].slice(0, width),
    rows.map((row) => row.slice(0, width)),
    (['---', '--:', '--:'] as const).slice(0, width),
  );
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
