import { ApiError } from '../errors.ts';
import type { Call, Reply } from '../http/call.ts';

type Item = Readonly<Record<string, unknown>>;

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 1000;
const TERM = /\s*(NOT\s+|-)?([\w.]+)\s*(!=|<=|>=|=|:|<|>)\s*("(?:[^"\\]|\\.)*"|[^\s()]+)(?:\s+AND\b)?/gy;

/**
 * Answers a list: `filter` (https://google.aip.dev/160, conjunctions), `orderBy`, `pageSize`, `pageToken`.
 * @param field what the items are called in the answer, e.g. `apiConfigs`
 * @param byName whether they are ordered by name where nothing is said; else they stay as they are
 * @throws ApiError INVALID_ARGUMENT for a filter, order or token that cannot be read
 */
export function listed(call: Call, field: string, items: readonly Item[], byName = true): Reply {
  const kept = items.filter(filterOf(call.query.get('filter') ?? ''));
  const orderBy = call.query.get('orderBy') ?? '';
  const found = byName || orderBy ? ordered(kept, orderBy) : kept;
  const start = offset(call.query.get('pageToken') ?? '');
  const requested = Number(call.query.get('pageSize') ?? 0);
  if (!Number.isInteger(requested) || requested < 0)
    throw new ApiError('INVALID_ARGUMENT', 'page_size must not be negative');
  const size = Math.min(requested || DEFAULT_PAGE, LARGEST_PAGE);
  const page = found.slice(start, start + size);
  const more = start + size < found.length;
  return {
    body: {
      ...(page.length > 0 && { [field]: page }),
      ...(more && { nextPageToken: Buffer.from(`offset:${start + size}`).toString('base64url') }),
    },
  };
}

function offset(token: string): number {
  if (token === '') return 0;
  const found = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (found === undefined) throw new ApiError('INVALID_ARGUMENT', 'The page token is invalid');
  return Number(found);
}

function filterOf(filter: string): (item: Item) => boolean {
  const terms: ((item: Item) => boolean)[] = [];
  let end = 0;
  for (const match of filter.matchAll(TERM)) {
    const [text, not, path = '', operator = '', raw = ''] = match;
    end = match.index + text.length;
    const value = raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(.)/g, '$1') : raw;
    terms.push((item) => holds(valueAt(item, path), operator, value) !== Boolean(not));
  }
  if (filter.slice(end).trim() !== '')
    throw new ApiError('INVALID_ARGUMENT', `Invalid list filter: '${filter}'`);
  return (item) => terms.every((term) => term(item));
}

function holds(found: unknown, operator: string, value: string): boolean {
  const text = found === undefined ? undefined : String(found);
  if (operator === ':')
    return value === '*' ? text !== undefined : (text?.toLowerCase().includes(value.toLowerCase()) ?? false);
  if (operator === '!=') return !matches(text, value);
  if (operator === '=') return matches(text, value);
  if (text === undefined) return false;
  if (operator === '<') return text < value;
  if (operator === '<=') return text <= value;
  return operator === '>' ? text > value : text >= value;
}

/** A `*` in the value stands for anything. */
function matches(text: string | undefined, value: string): boolean {
  if (text === undefined) return false;
  const source = value
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(text);
}

function ordered(items: readonly Item[], orderBy: string): Item[] {
  const keys = orderBy
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean);
  if (keys.some((key) => !/^[\w.]+(\s+(asc|desc))?$/i.test(key)))
    throw new ApiError('INVALID_ARGUMENT', `Invalid order by: '${orderBy}'`);
  return [...items].sort((a, b) => {
    for (const key of keys) {
      const [path = '', direction] = key.split(/\s+/);
      const order = compare(valueAt(a, path), valueAt(b, path));
      if (order !== 0) return direction?.toLowerCase() === 'desc' ? -order : order;
    }
    return compare(a.name, b.name);
  });
}

function compare(a: unknown, b: unknown): number {
  const [x, y] = [String(a ?? ''), String(b ?? '')];
  return x < y ? -1 : Number(x > y);
}

function valueAt(item: Item, path: string): unknown {
  const camel = path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const [first = '', ...rest] = camel.split('.');
  // A label's key is whatever the user made it.
  if (first === 'labels' && rest.length > 0) {
    const labels = item.labels;
    return typeof labels === 'object' && labels !== null
      ? Reflect.get(labels, path.slice('labels.'.length))
      : undefined;
  }
  return rest.reduce<unknown>((value, key) => (Object(value) as Item)[key], item[first]);
}
