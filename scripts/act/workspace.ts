import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@gangway/engine';

/** This repository's name on GitHub, as the example's workflow calls it. */
export const published = 'gangway-dev/gangway';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Workspace {
  /** A clone of the example as its owner would have it. */
  readonly caller: string;
  /** What act maps the references of workflows to: `OWNER/REPO@REF` and the folder that stands for it. */
  readonly repositories: readonly string[];
}

/** Lays out in `folder` the example's repository and what of this one its workflow reaches. */
export async function prepareWorkspace(folder: string, base: string): Promise<Workspace> {
  const caller = join(folder, 'fastapi-on-cloud-run');
  await cp(join(root, 'examples/fastapi-on-cloud-run'), caller, { recursive: true });
  await startFrom(base, join(caller, 'Dockerfile'));
  await commit(caller, 'https://github.com/example/fastapi-on-cloud-run.git');

  const gangway = join(folder, 'gangway');
  const workflow = '.github/workflows/deploy-api.yml';
  const reference = await referenceIn(join(caller, '.github/workflows/deploy.yml'));
  await copyActions(gangway);
  await mkdir(join(gangway, dirname(workflow)), { recursive: true });
  const text = await readFile(join(root, workflow), 'utf8');
  // act does not know `$/`, GitHub's name for the repository that holds the workflow (nektos/act#6189).
  await writeFile(
    join(gangway, workflow),
    text.replaceAll(/uses: \$\/(\S+)/g, `uses: ${published}/$1@${reference}`),
  );
  return { caller, repositories: [`${published}@${reference}=${gangway}`] };
}

/** act copies a mapped folder for every step: it gets the actions and their bundles alone. */
async function copyActions(gangway: string): Promise<void> {
  await cp(join(root, 'dist'), join(gangway, 'dist'), { recursive: true });
  const filter = (source: string) => !extname(source) || source.endsWith('/action.yml');
  await cp(join(root, 'actions'), join(gangway, 'actions'), { recursive: true, filter });
}

async function startFrom(base: string, dockerfile: string): Promise<void> {
  const text = await readFile(dockerfile, 'utf8');
  await writeFile(dockerfile, text.replace(/^ARG BASE=.*$/m, `ARG BASE=${base}`));
}

async function referenceIn(workflow: string): Promise<string> {
  const pattern = new RegExp(`uses: ${published}/\\S+@(\\S+)`);
  const reference = pattern.exec(await readFile(workflow, 'utf8'))?.[1];
  if (!reference) throw new Error(`${workflow} does not call ${published}.`);
  return reference;
}

/** act takes the repository's name from `origin`, and its commit and branch from HEAD. */
async function commit(directory: string, origin: string): Promise<void> {
  const identity = [
    '-c',
    'user.name=Example',
    '-c',
    'user.email=example@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['remote', 'add', 'origin', origin],
    ['add', '--all', '--force'],
    [...identity, 'commit', '--quiet', '--message', 'The example'],
  ]) {
    await run('git', args, { cwd: directory });
  }
}
