import type { Call, Reply } from '../../../kernel/http/call.ts';
import { invalid } from '../errors.ts';
import { filterOf } from './filter.ts';
import { type Item, valueAt } from './value-at.ts';

/** Items of a page, which may be asked for from 0 to 500. */
const MOST = 500;

/**
 * Answers a list: `filter`, `orderBy`, `maxResults`, `pageToken` (https://cloud.google.com/compute/docs/reference/rest/v1/instances/list).
 *
 * @throws ComputeError for a filter, an order, a size or a token that can't be read
 */
export function listed(call: Call, kind: string, items: readonly Item[]): Reply {
  const { page, token } = pageOf(call, items);
  return {
    body: {
      kind,
      id: idOf(call),
      ...(page.length > 0 && { items: page }),
      ...token,
      selfLink: selfLinkOf(call),
    },
  };
}

/**
 * Answers an aggregated list: by place, with a warning for each that has nothing.
 *
 * @param field what the items are called, e.g. `instances`
 * @param places every place, e.g. `zones/us-west1-a`
 */
export function aggregated(
  call: Call,
  kind: string,
  field: string,
  places: readonly string[],
  items: readonly (readonly [place: string, item: Item])[],
): Reply {
  const placeOf = new Map(items.map(([place, item]) => [item, place]));
  const { page, token } = pageOf(
    call,
    items.map(([, item]) => item),
  );
  const scopes = Object.fromEntries(
    places.map((place) => {
      const here = page.filter((item) => placeOf.get(item) === place);
      return [place, here.length > 0 ? { [field]: here } : { warning: emptyPlace(place) }];
    }),
  );
  return { body: { kind, id: idOf(call), items: scopes, ...token, selfLink: selfLinkOf(call) } };
}

function emptyPlace(place: string): object {
  return {
    code: 'NO_RESULTS_ON_PAGE',
    message: `There are no results for scope '${place}' on this page.`,
    data: [{ key: 'scope', value: place }],
  };
}

function pageOf(
  { query }: Call,
  items: readonly Item[],
): { readonly page: readonly Item[]; readonly token: { readonly nextPageToken?: string } } {
  const kept = items.filter(filterOf(query.get('filter') ?? ''));
  const found = ordered(kept, query.get('orderBy') ?? '');
  const asked = query.get('maxResults');
  const size = asked === null ? MOST : Number(asked);
  if (size > MOST) throw invalid('maxResults', asked, `Values must be in [0, ${MOST}].`);
  const start = offset(query.get('pageToken') ?? '');
  const end = start + (size || MOST);
  const next = end < found.length && { nextPageToken: Buffer.from(`offset:${end}`).toString('base64url') };
  return { page: found.slice(start, end), token: next || {} };
}

function offset(token: string): number {
  if (token === '') return 0;
  const found = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (found === undefined) throw invalid('pageToken', token, 'Invalid page token.');
  return Number(found);
}

/** By name, or newest first: there is no other order. */
function ordered(items: readonly Item[], orderBy: string): readonly Item[] {
  if (orderBy === '' || orderBy === 'name') return items;
  if (orderBy !== 'creationTimestamp desc')
    throw invalid('orderBy', orderBy, "Only 'name' and 'creationTimestamp desc' are supported.");
  const time = (item: Item) => String(valueAt(item, 'creationTimestamp') ?? '');
  return items.toSorted((one, other) => (time(one) > time(other) ? -1 : Number(time(one) < time(other))));
}

function idOf({ url }: Call): string {
  return url.pathname.replace(/^\/compute\/v1\//, '');
}

function selfLinkOf(call: Call): string {
  return `https://www.googleapis.com/compute/v1/${idOf(call)}`;
}
