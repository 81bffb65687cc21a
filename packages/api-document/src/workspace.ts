import { relative, resolve } from 'node:path';

/** The folder that paths of the repository are read from and shown from. */
export function workspace(): string {
  return process.env.GITHUB_WORKSPACE ?? process.cwd();
}

/** A path as annotations want it: below the workspace. */
export function shown(path: string): string {
  const inside = relative(workspace(), resolve(path));
  return inside.startsWith('..') ? path : inside;
}
