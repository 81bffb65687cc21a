import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A directory under Gangway's part of the user's cache (XDG Base Directory Specification), made if missing. */
export async function cacheDirectory(...names: string[]): Promise<string> {
  const directory = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gangway', ...names);
  await mkdir(directory, { recursive: true });
  return directory;
}
