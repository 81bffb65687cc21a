import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, find, findGoTool, goTools } from '@gangway/engine';
import { Misuse } from '../misuse.ts';

/** What a person does to have act. */
export const GET_ACT =
  'Install act (https://nektosact.com/installation/), or Go (https://go.dev/dl/), with which it is built once.';

/** act on the PATH, or as it was built before. */
export async function actThere(): Promise<string | undefined> {
  const [own] = find('act');
  if (own) return own;
  const { name, version } = goTools.act;
  const built = join(await cacheDirectory('tools', `${name}-${version}`), name);
  return existsSync(built) ? built : undefined;
}

/** act, built where it has to be. @throws Misuse where it can't be had */
export async function findAct(say: (line: string) => void): Promise<string> {
  const act = (await actThere()) ?? (await findGoTool(goTools.act, say));
  if (!act) throw new Misuse(`There is no act, which runs workflows on this machine. ${GET_ACT}`);
  return act;
}
