/**
 * The word that a key was meant to be: the same but for case, hyphens, spaces, invisible characters, letters of other
 * alphabets that look alike, or a slip or two of the fingers. Undefined when it is none of them, or exactly one.
 */
export function meantBy(key: string, words: readonly string[]): string | undefined {
  if (words.includes(key)) return undefined;
  const plain = plainOf(key);
  if (plain === '') return undefined;
  for (const word of words) {
    const target = plainOf(word);
    if (plain === target) return word;
    // An extension of somebody else's is not a slip of the fingers.
    if (isExtension(key) !== isExtension(word)) continue;
    if (distance(plain, target, slipsOf(word, target)) !== undefined) return word;
  }
  return undefined;
}

/** The letters and digits of a key as a reader sees them. */
function plainOf(key: string): string {
  const known = plains.get(key);
  if (known !== undefined) return known;
  const plain = key
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(
      /\P{ASCII}/gu,
      (letter) => CONFUSABLE.get(letter) ?? (/[\p{L}\p{N}]/u.test(letter) ? letter : ''),
    )
    .replaceAll(/[^a-z0-9\P{ASCII}]/gu, '');
  if (plains.size < 10_000) plains.set(key, plain);
  return plain;
}

const plains = new Map<string, string>();

/** Letters that look like ASCII ones: https://www.unicode.org/Public/security/latest/confusables.txt, the common part. */
const CONFUSABLE = new Map(
  Object.entries({
    a: 'аɑα',
    b: 'Ьв',
    c: 'сϲ',
    d: 'ԁɗ',
    e: 'еєҽ℮',
    g: 'ցɡ',
    h: 'һհ',
    i: 'іιıɩӏ',
    j: 'јϳ',
    k: 'кκ',
    l: 'ⅼӏ',
    m: 'мⅿ',
    n: 'пո',
    o: 'оοօσ',
    p: 'рρ',
    q: 'ԛզ',
    r: 'гᴦ',
    s: 'ѕꜱ',
    t: 'тτ',
    u: 'υսцᴜ',
    v: 'νѵ',
    w: 'ԝω',
    x: 'хχ',
    y: 'уүγ',
    z: 'ᴢ',
  }).flatMap(([plain, letters]) => [...letters].map((letter) => [letter, plain] as const)),
);

function isExtension(key: string): boolean {
  return /^\P{L}*[xхΧχ][-_.]/iu.test(key.normalize('NFKC'));
}

/** How many slips make another word: few in a short one, and one in `x-security`, since anybody may extend. */
function slipsOf(word: string, plain: string): number {
  return plain.length >= 8 && word !== 'x-security' ? 2 : 1;
}

/**
 * How many insertions, deletions, substitutions and swaps of neighbours lead from one text to the other (optimal
 * string alignment), or undefined when more than `limit` do.
 */
function distance(from: string, to: string, limit: number): number | undefined {
  if (Math.abs(from.length - to.length) > limit) return undefined;
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    [before, last] = [last, row];
  }
  const found = last[to.length] ?? limit + 1;
  return found <= limit ? found : undefined;
}
