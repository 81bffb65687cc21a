import type { Layer } from '@gangway/registry';

/** How a layer stands to those of the image before. */
export interface LayerChange extends Layer {
  /** Bytes more than the layer of the same instruction had; `same` for the very layer, undefined for one without. */
  readonly change: 'same' | number | undefined;
}

/** Holds each layer of an image against those of the image before. */
export function layerChanges(layers: readonly Layer[], before: readonly Layer[]): LayerChange[] {
  const left = before.filter(({ digest }) => !layers.some((layer) => layer.digest === digest));
  return layers.map((layer) => {
    if (before.some(({ digest }) => digest === layer.digest)) return { ...layer, change: 'same' };
    const at = left.findIndex(({ instruction }) => instruction === layer.instruction);
    const [was] = at === -1 ? [] : left.splice(at, 1);
    return { ...layer, change: was && layer.size - was.size };
  });
}

/** An instruction as the Dockerfile has it, out of what builders write into an image's history. */
export function readableInstruction({ instruction }: Layer): string {
  const text = instruction
    .replace(/\s+# buildkit$/, '')
    .replace(/^(?:RUN )?(?:\|\d+ (?:\S+=\S* )*)?\/bin\/sh -c #\(nop\)\s+/, '')
    .replace(/^(?:RUN )?(?:\|\d+ .*?)?\/bin\/sh -c /, 'RUN ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Bytes as people read them: `640 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const size = Math.abs(bytes);
  if (size < 1000) return `${bytes} B`;
  if (size < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return size < 10_000_000 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1e6)} MB`;
}
