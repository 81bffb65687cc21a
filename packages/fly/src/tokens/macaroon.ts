import { type Packed, unpack } from './msgpack.ts';

/** What one of Fly's macaroons says of itself; nobody but Fly can tell whether it is genuine. */
export interface Macaroon {
  /** Who it is for, e.g. `https://api.fly.io/v1`. */
  readonly location: string;
  /** Ids of the organizations that it is confined to. */
  readonly organizations: readonly number[];
  /** Ids of the apps that it is confined to; undefined when to none. */
  readonly apps: readonly number[] | undefined;
  /** Seconds since the epoch from which, and after which, it is good for nothing. */
  readonly notBefore: number | undefined;
  readonly notAfter: number | undefined;
  /** Whether a caveat takes writing away. */
  readonly readOnly: boolean;
}

/** Where the tokens that permit something are for; those of other places discharge their caveats. */
export const PERMISSION_LOCATION = 'https://api.fly.io/v1';

/** Types of caveats (https://github.com/superfly/macaroon/blob/main/caveat.go). */
const ORGANIZATION = 0;
const APPS = 3;
const VALIDITY_WINDOW = 4;
const IF_PRESENT = 13;
const ACTION = 26;
/** The bit that stands for writing (https://github.com/superfly/macaroon/blob/main/resset/action.go). */
const WRITE = 2;

/**
 * Reads a macaroon's caveats without network: they are signed, not encrypted.
 *
 * @param token `fm2_…`, `fm1r_…` or `fm1a_…`
 * @returns undefined when it is no macaroon that can be read
 * @see https://github.com/superfly/macaroon/blob/main/macaroon.go
 */
export function readMacaroon(token: string): Macaroon | undefined {
  const encoded = /^fm(?:1r|1a|2)_([A-Za-z0-9+/_-]+=*)$/.exec(token)?.[1];
  if (!encoded) return undefined;
  try {
    const [, location, caveats] = list(unpack(Buffer.from(encoded, 'base64')));
    if (typeof location !== 'string') return undefined;
    const found = { organizations: [], apps: undefined, windows: [], readOnly: false } as Found;
    collect(list(caveats), found);
    return {
      location,
      organizations: found.organizations,
      apps: found.apps,
      notBefore: found.windows.length > 0 ? Math.max(...found.windows.map(([start]) => start)) : undefined,
      notAfter: found.windows.length > 0 ? Math.min(...found.windows.map(([, end]) => end)) : undefined,
      readOnly: found.readOnly,
    };
  } catch {
    // Whatever it is, Fly will judge it.
    return undefined;
  }
}

interface Found {
  organizations: number[];
  apps: number[] | undefined;
  windows: [number, number][];
  readOnly: boolean;
}

/** A set of caveats is one flat list: type, body, type, body. */
function collect(caveats: readonly Packed[], found: Found): void {
  for (let index = 0; index + 1 < caveats.length; index += 2) {
    const type = caveats[index];
    const body = caveats[index + 1] ?? null;
    if (type === ORGANIZATION) {
      const [id, mask] = list(body);
      found.organizations.push(number(id));
      if (!(number(mask) & WRITE)) found.readOnly = true;
    } else if (type === APPS) {
      const [apps] = list(body);
      const ids = apps instanceof Map ? [...apps.keys()].map(number) : [];
      found.apps = found.apps?.filter((id) => ids.includes(id)) ?? ids;
    } else if (type === VALIDITY_WINDOW) {
      const [start, end] = list(body);
      found.windows.push([number(start), number(end)]);
    } else if (type === IF_PRESENT) {
      // A deploy token is "if it is about an app, then this app": the others may only be read.
      collect(list(list(body)[0]), found);
    } else if (type === ACTION) {
      if (!(number(typeof body === 'object' ? list(body)[0] : body) & WRITE)) found.readOnly = true;
    }
  }
}

function list(value: Packed | undefined): Packed[] {
  if (!Array.isArray(value)) throw new Error('there should be a list');
  return value;
}

function number(value: Packed | undefined): number {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new Error('there should be a number');
  return Number(value);
}
