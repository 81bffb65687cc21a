/** A generator of numbers from 0 to below 1 that repeats itself for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const NAMES = [
  'stop-commands',
  'add-mask',
  'error',
  'Set-Output name=a',
  'GROUP',
  'debug',
  'x',
  'save-state name=b',
];
const SPACE = [
  '',
  '',
  '',
  ' ',
  '\t',
  '\v',
  '\f',
  '\x85',
  '\xa0',
  '\u2003',
  '\u3000',
  '\ufeff',
  '\u2028',
  '\u2029',
];
/** What has no weight in a search, or may be thought to have none. */
const WEIGHTLESS = [
  ...[
    '',
    '',
    '',
    '',
    '\xad',
    '\u200b',
    '\u200d',
    '\u2060',
    '\ufeff',
    '\0',
    '\x07',
    '\x1b',
    '\x7f',
    '\u034f',
    '\u0301',
  ],
  ...[
    '\u180e',
    '\u202e',
    '\ufe0f',
    '\ud800',
    '\udc00',
    '\ufffd',
    '\u{e0020}',
    '\u{e0100}',
    '\u{1d173}',
    '\u20dd',
  ],
];
const ENDS = ['\n', '\n', '\r', '\r\n', '\v', '\f', '\x85', '\u2028', '\u2029', ''];
const TEXT = [
  '',
  'x',
  '#',
  ':',
  '[',
  ']',
  '::',
  '##',
  'compiling ',
  '\x1b[36m',
  '| ',
  '日本',
  '\\',
  '%0A',
  '%25',
  '##\\[',
];

/** A text that a hostile program might print: lines that look like commands of the runner, in every disguise. */
export function hostileText(next: () => number): string {
  const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const some = (of: readonly string[]) =>
    Array.from({ length: Math.floor(next() * 3) }, () => one(of)).join('');
  const mixed = () => some([...SPACE, ...WEIGHTLESS]);
  const command = () =>
    next() < 0.5
      ? `${mixed()}:${some(WEIGHTLESS)}:${some(WEIGHTLESS)}${one(NAMES)}${one(['::', ':\xad:', '', ' ::'])}${one(TEXT)}`
      : `${one(TEXT)}${mixed()}#${some(WEIGHTLESS)}#${some(WEIGHTLESS)}[${some(WEIGHTLESS)}${one(NAMES)}]${one(TEXT)}`;
  const line = () => one([command, command, () => some(TEXT), mixed])();
  return Array.from({ length: 1 + Math.floor(next() * 5) }, () => line() + one(ENDS)).join('');
}
