import type { Arrow, Box, Diagram } from './diagram.ts';

/** The colours of a page on which a diagram stands. */
export const THEMES = {
  light: {
    text: '#1f2328',
    faint: '#59636e',
    line: '#59636e',
    fill: '#eaf3fd',
    edge: '#1668c1',
    plain: '#f6f8fa',
    refused: '#cf222e',
  },
  dark: {
    text: '#f0f6fc',
    faint: '#9198a1',
    line: '#9198a1',
    fill: '#12243a',
    edge: '#4b97e6',
    plain: '#212830',
    refused: '#f85149',
  },
} as const;

type Theme = (typeof THEMES)[keyof typeof THEMES];

// In units of the picture: a page shows it about 0.8 times as large.
const WIDTH = 190;
const HEIGHT = 96;
const GAP = { across: 104, down: 72 };
const MARGIN = 8;
const FONT = 'system-ui, -apple-system, &quot;Segoe UI&quot;, Helvetica, Arial, sans-serif';

/** A diagram as a picture, with a transparent background. */
export function svgOf({ title, description, boxes, arrows }: Diagram, theme: Theme): string {
  const all = Object.values(boxes);
  const columns = Math.max(...all.map(({ at }) => at[0])) + 1;
  const rows = Math.max(...all.map(({ at }) => at[1])) + 1;
  const width = columns * WIDTH + (columns - 1) * GAP.across + 2 * MARGIN;
  const height = rows * HEIGHT + (rows - 1) * GAP.down + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" font-family="${FONT}" text-anchor="middle">`,
    `  <title id="title">${escaped(title)}</title>`,
    `  <desc id="description">${escaped(description)}</desc>`,
    ...all.map((box) => boxOf(box, theme)),
    ...arrows.map((arrow) => arrowOf(arrow, boxes, theme)),
    '</svg>\n',
  ].join('\n');
}

function boxOf(box: Box, { text, faint, line, fill, edge, plain }: Theme): string {
  const [x, y] = corner(box);
  const middle = x + WIDTH / 2;
  const top = y + HEIGHT / 2 - box.text.length * 11 + 7;
  const colours = box.plain
    ? `fill="${plain}" stroke="${line}" stroke-dasharray="5 4"`
    : `fill="${fill}" stroke="${edge}"`;
  return [
    `  <rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="10" ${colours} stroke-width="1.5"/>`,
    `  <text x="${middle}" y="${top}" font-size="20" font-weight="600" fill="${text}">${escaped(box.title)}</text>`,
    ...box.text.map(
      (words, index) =>
        `  <text x="${middle}" y="${top + 22 * (index + 1)}" font-size="16.5" fill="${faint}">${escaped(words)}</text>`,
    ),
  ].join('\n');
}

function arrowOf({ from, to, label, refused }: Arrow, boxes: Diagram['boxes'], theme: Theme): string {
  const [start, end] = [boxes[from], boxes[to]];
  if (!start || !end) return '';
  const [dx, dy] = [end.at[0] - start.at[0], end.at[1] - start.at[1]];
  const [ax, ay] = edgeOf(start, dx, dy, 6);
  const [bx, by] = edgeOf(end, -dx, -dy, 6);
  const [mx, my] = [(ax + bx) / 2, (ay + by) / 2];
  const colour = refused ? theme.refused : theme.line;
  // The tip of the arrow, turned the way it points.
  const tip = `${bx},${by} ${bx - 11 * dx - 6 * dy},${by - 11 * dy - 6 * dx} ${bx - 11 * dx + 6 * dy},${by - 11 * dy + 6 * dx}`;
  return [
    `  <path d="M${ax} ${ay}L${bx - 9 * dx} ${by - 9 * dy}" stroke="${colour}" stroke-width="2"/>`,
    `  <polygon points="${tip}" fill="${colour}"/>`,
    ...(refused
      ? [`  <path d="M${mx - 9} ${my - 9}l18 18m0 -18l-18 18" stroke="${colour}" stroke-width="3"/>`]
      : []),
    ...labelOf(label, start, [mx, my], dy !== 0, theme),
  ].join('\n');
}

/** Above an arrow that goes across, in two lines where it is long; beside one that goes down, where there is room. */
function labelOf(
  label: string,
  { at: [column] }: Box,
  [x, y]: readonly [number, number],
  beside: boolean,
  { text }: Theme,
): string[] {
  const lines = beside ? [label] : linesOf(label);
  const anchor = column > 0 ? 'end' : 'start';
  const place = (index: number) =>
    beside
      ? `x="${x + (anchor === 'end' ? -14 : 14)}" y="${y + 5}" text-anchor="${anchor}"`
      : `x="${x}" y="${y - 12 - 19 * (lines.length - 1 - index)}"`;
  return lines
    .filter((line) => line !== '')
    .map((line, index) => `  <text ${place(index)} font-size="16" fill="${text}">${escaped(line)}</text>`);
}

/** A label of more than ten characters, cut behind its first dash or space. */
function linesOf(label: string): string[] {
  const cut = label.length > 10 ? label.search(/[- ]/) + 1 : 0;
  return cut > 0 ? [label.slice(0, cut).trim(), label.slice(cut)] : [label];
}

function corner({ at: [column, row] }: Box): [number, number] {
  return [MARGIN + column * (WIDTH + GAP.across), MARGIN + row * (HEIGHT + GAP.down)];
}

/** The middle of a box's side in a direction, and so much further. */
function edgeOf(box: Box, dx: number, dy: number, beyond: number): [number, number] {
  const [x, y] = corner(box);
  return [x + WIDTH / 2 + dx * (WIDTH / 2 + beyond), y + HEIGHT / 2 + dy * (HEIGHT / 2 + beyond)];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
