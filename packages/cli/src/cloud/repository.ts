import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';

/** `OWNER/NAME` of a folder's repository by its remote `origin`; where it has none, a name made of the folder's. */
export function repositoryOf(folder: string): string {
  const { stdout } = spawnSync('git', ['-C', folder, 'remote', 'get-url', 'origin'], { encoding: 'utf8' });
  const [, name] = /[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(stdout?.trim() ?? '') ?? [];
  if (name && !name.startsWith('.')) return name;
  return `local/${basename(folder).replace(/[^\w.-]+/g, '-') || 'repository'}`;
}
