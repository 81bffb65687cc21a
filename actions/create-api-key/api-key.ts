import { isDeepStrictEqual } from 'node:util';
import { fields, list, map, type Reader, text } from '@gangway/http';
import type { Inputs } from './inputs.ts';

/** An API key as the API Keys API shows it (https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys). */
export interface ApiKey {
  readonly name: string;
  readonly displayName?: string;
  readonly restrictions?: Restrictions;
  readonly deleteTime?: string;
  readonly keyString?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly etag?: string;
}

interface Restrictions {
  readonly apiTargets?: readonly { readonly service: string; readonly methods?: readonly string[] }[];
  readonly serverKeyRestrictions?: { readonly allowedIps?: readonly string[] };
  readonly browserKeyRestrictions?: { readonly allowedReferrers?: readonly string[] };
}

const TARGET = fields<NonNullable<Restrictions['apiTargets']>[number]>(
  { service: text, methods: list(text) },
  'service',
);

/** A key as it comes. */
export const API_KEY: Reader<ApiKey> = fields<ApiKey>(
  {
    name: text,
    displayName: text,
    deleteTime: text,
    keyString: text,
    annotations: map(text),
    etag: text,
    restrictions: fields<Restrictions>({
      apiTargets: list(TARGET),
      serverKeyRestrictions: fields<NonNullable<Restrictions['serverKeyRestrictions']>>({
        allowedIps: list(text),
      }),
      browserKeyRestrictions: fields<NonNullable<Restrictions['browserKeyRestrictions']>>({
        allowedReferrers: list(text),
      }),
    }),
  },
  'name',
);

/** What the key is to look like. */
export function wantedKey({
  displayName,
  targets,
  allowedIps,
  allowedReferrers,
}: Inputs): Pick<ApiKey, 'displayName' | 'restrictions'> {
  return {
    displayName,
    restrictions: {
      apiTargets: targets,
      ...(allowedIps.length > 0 && { serverKeyRestrictions: { allowedIps } }),
      ...(allowedReferrers.length > 0 && { browserKeyRestrictions: { allowedReferrers } }),
    },
  };
}

/** The fields in which a key differs from what is wanted, as an update mask names them. */
export function differences(key: ApiKey, wanted: Pick<ApiKey, 'displayName' | 'restrictions'>): string[] {
  return [
    ...(key.displayName === wanted.displayName ? [] : ['displayName']),
    ...(isDeepStrictEqual(comparable(key.restrictions), comparable(wanted.restrictions))
      ? []
      : ['restrictions']),
  ];
}

/** Restrictions as sets: the order of targets and addresses means nothing. */
function comparable({
  apiTargets = [],
  serverKeyRestrictions,
  browserKeyRestrictions,
  ...others
}: Restrictions = {}): unknown {
  return {
    targets: apiTargets
      .map(({ service, methods = [] }) => `${service} ${[...methods].sort().join(' ')}`)
      .sort(),
    ips: [...(serverKeyRestrictions?.allowedIps ?? [])].sort(),
    referrers: [...(browserKeyRestrictions?.allowedReferrers ?? [])].sort(),
    others,
  };
}
