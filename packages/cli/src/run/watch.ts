import { spawnSync } from 'node:child_process';
import { watch } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds after a change in which others belong to it: an editor writes several files. */
const SETTLING = 200;

/** Resolves when a file of a repository changes that .gitignore does not name, or when the signal aborts. */
export async function watchFolder(folder: string, signal: AbortSignal): Promise<void> {
  try {
    for await (const { filename } of watch(folder, { recursive: true, signal })) {
      if (filename === null || /(^|[/\\])\.git([/\\]|$)/.test(filename)) continue;
      const { status } = spawnSync('git', ['-C', folder, 'check-ignore', '--quiet', filename]);
      if (status === 0) continue;
      console.log(`${filename} has changed.`);
      await sleep(SETTLING);
      return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
