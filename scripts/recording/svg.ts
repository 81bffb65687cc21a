import type { CastLine } from './cast.ts';

/** Pixels. */
const [CHARACTER, LINE, PADDING, SIZE] = [8, 19, 16, 13];
/** Seconds that nothing happens at most: a film of a wait is none. */
const LONGEST = 1.5;

/** Of the colours that programs ask for (ECMA-48, SGR) those that occur, by their numbers. */
const CLASSES: Readonly<Record<string, string>> = { 1: 'b', 31: 'r', 32: 'g', 33: 'y', 90: 'd' };

const STYLE = `text{font:${SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1f2328;white-space:pre}
.bg{fill:#f6f8fa;stroke:#d1d9e0}.b{font-weight:600}.r{fill:#cf222e}.g{fill:#1a7f37}.y{fill:#9a6700}.d{fill:#59636e}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.bg{fill:#151b23;stroke:#3d444d}.r{fill:#f85149}.g{fill:#3fb950}.y{fill:#d29922}.d{fill:#9198a1}}
@media(prefers-reduced-motion:no-preference){.l{opacity:0;animation:s 1ms forwards}}@keyframes s{to{opacity:1}}`;

/**
 * A film of what a program printed, as an SVG without a script: lines appear as they were printed, in light and in dark; who wants no
 * motion sees the last picture.
 *
 * @param columns characters of a line that are shown
 */
export function animation(lines: readonly CastLine[], columns: number, title: string): string {
  const [width, height] = [columns * CHARACTER + 2 * PADDING, lines.length * LINE + 2 * PADDING];
  let [clock, before] = [0, 0];
  const rows = lines.map(({ at, text }, index) => {
    clock += Math.min(at - before, LONGEST);
    before = at;
    const y = PADDING + index * LINE + SIZE;
    return `<text class="l" style="animation-delay:${clock.toFixed(2)}s" x="${PADDING}" y="${y}">${spans(text, columns)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="bg" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

/** A line's parts in their colours. */
function spans(text: string, columns: number): string {
  let left = columns;
  let classes: readonly string[] = [];
  const parts: string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a program's colours begin with one
  for (const [, codes, plain = ''] of text.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
    if (codes !== undefined) {
      classes = next(classes, codes.split(';'));
      continue;
    }
    const shown = plain.length > left ? `${plain.slice(0, Math.max(0, left - 1))}…` : plain;
    left -= plain.length;
    if (shown === '…' && left < -1) continue;
    const part = escaped(shown);
    parts.push(classes.length > 0 ? `<tspan class="${classes.join(' ')}">${part}</tspan>` : part);
    if (left <= 0) break;
  }
  return parts.join('');
}

function next(classes: readonly string[], codes: readonly string[]): readonly string[] {
  return codes.reduce<readonly string[]>((before, code) => {
    if (code === '' || code === '0') return [];
    if (code === '22') return before.filter((name) => name !== 'b');
    if (code === '39') return before.filter((name) => name === 'b');
    const name = CLASSES[code];
    return name ? [...before.filter((one) => (one === 'b') !== (name === 'b')), name] : before;
  }, classes);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
