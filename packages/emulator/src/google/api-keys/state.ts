import { createHash, randomBytes } from 'node:crypto';
import { timestamp } from '../../kernel/clock.ts';
import type { Restrictions } from './restrictions.ts';

export interface ApiKey {
  /** With the project's number: `projects/N/locations/global/keys/ID`. */
  readonly name: string;
  readonly uid: string;
  readonly keyString: string;
  /** Milliseconds since the epoch. */
  readonly createTime: number;
  updateTime: number;
  /** Set while the key is deleted but can still be undeleted. */
  deleteTime: number | undefined;
  displayName: string;
  annotations: Readonly<Record<string, string>>;
  restrictions: Restrictions | undefined;
}

const KEPT_FOR = 30 * 24 * 60 * 60 * 1000;

/** The API keys of the project; deleted ones are kept for 30 days. */
export class ApiKeysState {
  readonly #keys = new Map<string, ApiKey>();

  add(key: ApiKey): void {
    this.#keys.set(key.name, key);
  }

  restore(keys: readonly ApiKey[]): void {
    for (const key of keys) this.add(key);
  }

  /** A key by its full name, deleted or not. */
  find(name: string, now: number): ApiKey | undefined {
    return this.list(now).find((key) => key.name === name);
  }

  /** The key that a caller of an API presents, deleted or not. */
  findByKeyString(keyString: string, now: number): ApiKey | undefined {
    return this.list(now).find((key) => key.keyString === keyString);
  }

  list(now: number): ApiKey[] {
    for (const { name, deleteTime } of this.#keys.values()) {
      if (deleteTime !== undefined && now - deleteTime > KEPT_FOR) this.#keys.delete(name);
    }
    return [...this.#keys.values()];
  }
}

/** A key string as Google makes them: 39 characters, `AIzaSy` first. */
export function newKeyString(): string {
  return `AIzaSy${randomBytes(25).toString('base64url').slice(0, 33)}`;
}

export function etagOf({
  name,
  updateTime,
  deleteTime,
  displayName,
  restrictions,
  annotations,
}: ApiKey): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([name, updateTime, deleteTime, displayName, restrictions, annotations]))
    .digest('base64');
  return `W/"${digest.slice(0, 22)}=="`;
}

/** The key as the API shows it everywhere but where the key string is asked for. */
export function shownKey(key: ApiKey): Record<string, unknown> {
  const { name, uid, displayName, createTime, updateTime, deleteTime, annotations, restrictions } = key;
  return {
    name,
    uid,
    ...(displayName && { displayName }),
    createTime: timestamp(createTime),
    updateTime: timestamp(updateTime),
    ...(deleteTime !== undefined && { deleteTime: timestamp(deleteTime) }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(restrictions && { restrictions }),
    etag: etagOf(key),
  };
}
