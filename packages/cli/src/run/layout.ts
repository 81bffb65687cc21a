import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { withEnvironments, writeStandIn } from '@gangway/act';
import { PUBLISHED, type Reached } from './uses.ts';
import { WORKFLOWS } from './workflow.ts';

/** The reference that `$/` of our own workflows stands for here. */
const HERE = 'this-version';

/** What act maps each action to that a run reaches: `OWNER/REPO@REF=FOLDER`. */
export async function layOut(
  folder: string,
  suite: string,
  { references, others }: Pick<Reached, 'references' | 'others'>,
): Promise<string[]> {
  const mappings: string[] = [];
  if (references.size > 0) {
    const gangway = join(folder, 'gangway');
    await copySuite(suite, gangway);
    for (const reference of [...references, HERE]) mappings.push(`${PUBLISHED}@${reference}=${gangway}`);
  }
  for (const [name, { folder: bundle, standIns, repository }] of others) {
    let target = bundle;
    if (!target || standIns.size > 0) {
      target = join(folder, 'actions', name.replaceAll(/[^\w@.-]/g, '-'));
      if (bundle) await cp(bundle, target, { recursive: true });
      for (const [inside, stand] of standIns)
        await writeStandIn(inside ? `${repository}/${inside}` : repository, stand, join(target, inside));
    }
    mappings.push(`${name}=${target}`);
  }
  return mappings;
}

/** act copies a mapped folder for every step: it gets the actions and their bundles alone. */
async function copySuite(suite: string, target: string): Promise<void> {
  const named = (source: string) => !source.endsWith('/dist/gangway');
  await cp(join(suite, 'dist'), join(target, 'dist'), { recursive: true, filter: named });
  const filter = (source: string) => !extname(source) || source.endsWith('/action.yml');
  await cp(join(suite, 'actions'), join(target, 'actions'), { recursive: true, filter });
  await mkdir(join(target, WORKFLOWS), { recursive: true });
  for (const name of await readdir(join(suite, WORKFLOWS))) {
    const text = await readFile(join(suite, WORKFLOWS, name), 'utf8');
    if (!text.includes('workflow_call:')) continue;
    await writeFile(join(target, WORKFLOWS, name), forAct(text, PUBLISHED, HERE));
  }
}

/**
 * A workflow or an action as act takes it: act does not know `$/`, GitHub's name for the repository that holds the workflow
 * (nektos/act#6189), no queue of deployments, and no environments of jobs.
 *
 * @param reference that is mapped to that repository
 */
export function forAct(text: string, repository: string, reference: string): string {
  const plain = text
    .replace(
      /(\buses:\s*['"]?)\$\/([^\s'"]+)/g,
      (_, before: string, path: string) => `${before}${repository}/${path}@${reference}`,
    )
    .replace(/^ +queue: max.*\n/gm, '');
  return /^jobs:/m.test(plain) ? withEnvironments(plain) : plain;
}

/** What the repository's own workflows and actions are for act, by path, and whether `$/` was among them. */
export function ownForAct(
  own: ReadonlyMap<string, string>,
  repository: string,
): { readonly files: Readonly<Record<string, string>>; readonly namesItself: boolean } {
  const files = Object.fromEntries([...own].map(([path, text]) => [path, forAct(text, repository, HERE)]));
  return { files, namesItself: [...own.values()].some((text) => /\buses:\s*['"]?\$\//.test(text)) };
}

/** How act maps a repository that names itself by `$/`. */
export function ownMapping(repository: string, copy: string): string {
  return `${repository}@${HERE}=${copy}`;
}

/** A home for steps, so that they neither read nor change the person's; docker keeps its plugins there. */
export async function makeHome(folder: string): Promise<string> {
  const home = join(folder, 'home');
  await mkdir(join(home, '.docker'), { recursive: true });
  const plugins = join(process.env.DOCKER_CONFIG || join(homedir(), '.docker'), 'cli-plugins');
  if (existsSync(plugins)) await symlink(plugins, join(home, '.docker/cli-plugins'));
  return home;
}
