import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Fills a directory unless it is there; it is there whole or not at all. Of several processes that fetch it at once, the first
 * to end puts it there, and the others take that one.
 *
 * @returns the directory
 * @throws what `fetch` throws, unless another process has fetched it meanwhile
 */
export function fetchedOnce(folder: string, fetch: (into: string) => void): string {
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const partial = mkdtempSync(`${folder}.`);
  try {
    fetch(partial);
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
