import { fields, map, text } from '@gangway/http';
import { find } from './ask.ts';
import type { Asker } from './asker.ts';

/** An API key (https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys). */
interface ApiKey {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly etag?: string;
  /** Set for 30 days after it was deleted. */
  readonly deleteTime?: string;
}

export interface FoundKey {
  readonly id: string;
  /** Full name. */
  readonly name: string;
  readonly key: ApiKey | undefined;
}

const KEY = fields<ApiKey>({ annotations: map(text), etag: text, deleteTime: text });

export function lookAtKeys(asker: Asker, ids: readonly string[]): Promise<FoundKey[]> {
  return Promise.all(
    ids.map(async (id) => {
      const name = `projects/${asker.projectId}/locations/global/keys/${id}`;
      const key = await find(asker, { service: 'apikeys', path: `v2/${name}` }, KEY);
      return { id, name, key: key?.deleteTime ? undefined : key };
    }),
  );
}
