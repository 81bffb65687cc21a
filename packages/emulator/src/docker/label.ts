import { createHash, randomBytes } from 'node:crypto';

/**
 * What tells the containers of one cloud from those of others.
 *
 * @param data folder of a cloud that keeps its data: the next cloud there finds by it what one that was killed has left
 */
export function labelOf(key: string, data: string | undefined): string {
  const own = data === undefined ? `${process.pid}-${randomBytes(4).toString('hex')}` : digestOf(data);
  return `${key}=${own}`;
}

function digestOf(path: string): string {
  return `data-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}
