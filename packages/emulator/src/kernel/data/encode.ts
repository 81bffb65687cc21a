/** What JSON has no word for, by the one key of an object that stands for it. */
const MAP = '$map';
const SET = '$set';
const BYTES = '$bytes';
/** An object whose own key would be taken for one of these. */
const OBJECT = '$object';
const WORDS = [MAP, SET, BYTES, OBJECT];

/**
 * Writes values as JSON: what JSON has, and maps, sets and bytes. What is undefined is left out.
 *
 * @throws Error for anything else, which would come back as something else
 */
export function encode(value: unknown): string {
  return JSON.stringify(plain(value, ''));
}

/** Reads what {@link encode} wrote. @throws SyntaxError for what is no JSON */
export function decode(text: string): unknown {
  return whole(JSON.parse(text));
}

function plain(value: unknown, path: string): unknown {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean')
    return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((one, index) => plain(one, `${path}[${index}]`));
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (value instanceof Map)
    return {
      [MAP]: [...value].map(([key, one]) => [plain(key, path), plain(one, `${path}.${String(key)}`)]),
    };
  if (value instanceof Set) return { [SET]: [...value].map((one) => plain(one, path)) };
  if (typeof value !== 'object' || ![Object.prototype, null].includes(Object.getPrototypeOf(value)))
    throw new Error(`${path || 'It'} can't be saved: it is ${Object.prototype.toString.call(value)}.`);
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => [key, plain(one, `${path}.${key}`)] as const);
  const [first] = entries;
  return entries.length === 1 && first && WORDS.includes(first[0])
    ? { [OBJECT]: entries }
    : Object.fromEntries(entries);
}

function whole(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(whole);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [word = '', held] = entries.length === 1 ? (entries[0] ?? []) : [];
  const pairs = () => (held as [unknown, unknown][]).map(([key, one]) => [whole(key), whole(one)] as const);
  if (word === MAP) return new Map(pairs());
  if (word === SET) return new Set((held as unknown[]).map(whole));
  if (word === BYTES) return Buffer.from(String(held), 'base64');
  if (word === OBJECT) return Object.fromEntries(pairs());
  return Object.fromEntries(entries.map(([key, one]) => [key, whole(one)]));
}
