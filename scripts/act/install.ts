import { join } from 'node:path';
import { cacheDirectory, find, locked, run } from '@gangway/engine';

const actVersion = 'v0.2.87';

export const howToGetAct = `act ${actVersion}: install Go (https://go.dev/dl/), and it is installed by itself; or put it on PATH (https://github.com/nektos/act/releases/tag/${actVersion})`;

/** Path of act at the pinned version: from PATH, from Gangway's cache, or by `go install` into it; undefined without Go. */
export async function findAct(onProgress: (line: string) => void): Promise<string | undefined> {
  const directory = await cacheDirectory('bin');
  const own = join(directory, 'act');
  return locked('act', async () => {
    for (const act of [own, ...find('act')]) if (await isPinned(act)) return act;
    const [go] = find('go');
    if (!go) return undefined;
    onProgress(`Installing act ${actVersion} with go install`);
    await run(go, ['install', `github.com/nektos/act@${actVersion}`], {
      env: { ...process.env, GOBIN: directory, GOFLAGS: '', GOOS: '', GOARCH: '' },
    });
    return own;
  });
}

async function isPinned(act: string): Promise<boolean> {
  const text = await run(act, ['--version']).catch(() => '');
  return text.trim().endsWith(actVersion.slice(1));
}
