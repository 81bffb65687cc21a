import { fields, list, text } from '@gangway/http';
import type { Compute } from './compute.ts';

interface Entry {
  readonly key?: string;
  readonly value?: string;
}

const VALUES = fields<{ queryValue?: { items?: readonly Entry[] } }>({
  queryValue: fields<{ items?: readonly Entry[] }>({
    items: list(fields<Entry>({ key: text, value: text })),
  }),
});

/**
 * What a machine says of itself: its guest attributes of a namespace, by their keys. They outlive a restart.
 *
 * @param instance path of the instance below the project
 * @returns none also while the machine has said nothing, which Compute Engine answers with 404
 * @see https://cloud.google.com/compute/docs/metadata/manage-guest-attributes
 */
export async function guestAttributes(
  compute: Compute,
  instance: string,
  namespace: string,
): Promise<ReadonlyMap<string, string>> {
  const query = { queryPath: `${namespace}/` };
  const found = await compute.find(`${instance}/getGuestAttributes`, VALUES, { query });
  return new Map((found?.queryValue?.items ?? []).map(({ key = '', value = '' }) => [key, value]));
}
