import { createHash } from 'node:crypto';

/** A name for a volume that depends on where it is mounted alone, so that the same deploy makes the same volume. */
export function volumeName(kind: 'secret' | 'volume', path: string): string {
  return `${kind}-${createHash('sha256').update(path).digest('hex').slice(0, 10)}`;
}
