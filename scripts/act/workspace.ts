import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { standIns, withEnvironments } from '@gangway/act';
import { run } from '@gangway/engine';
import { pinned } from '../workflows/pinned.ts';

/** This repository's name on GitHub, as the example's workflow calls it. */
export const published = 'gangway-dev/gangway';

const WORKFLOWS = '.github/workflows';
const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Workspace {
  /** A clone of the caller's repository as its owner would have it. */
  readonly caller: string;
  /** Its workflows. */
  readonly workflows: readonly string[];
  /** What act maps the references of workflows to: `OWNER/REPO@REF` and the folder that stands for it. */
  readonly repositories: readonly string[];
}

/** A repository whose workflow act runs: files by their path, `.github/workflows/deploy.yml` among them. */
export type Caller = Readonly<Record<string, string>>;

/**
 * Lays out in `folder` the repository of a caller and what of this one its workflow reaches.
 *
 * @param caller the example's repository, unless it is given
 */
export async function prepareWorkspace(folder: string, base: string, caller?: Caller): Promise<Workspace> {
  const directory = join(folder, 'caller');
  if (caller) await writeFiles(directory, caller);
  else {
    await cp(join(root, 'examples/fastapi-on-cloud-run'), directory, { recursive: true });
    await startFrom(base, join(directory, 'Dockerfile'));
  }
  const workflows = await withTheirEnvironments(join(directory, WORKFLOWS));
  await commit(directory, 'https://github.com/example/fastapi-on-cloud-run.git');

  const gangway = join(folder, 'gangway');
  const reference = referenceIn(workflows);
  await copyActions(gangway);
  const mappings = new Set<string>();
  const standIn = async (text: string) => {
    for (const mapping of await standIns(text, join(folder, 'stand-ins'))) mappings.add(mapping);
  };
  for (const text of workflows) await standIn(text);
  await mkdir(join(gangway, WORKFLOWS), { recursive: true });
  for (const name of await readdir(join(root, WORKFLOWS))) {
    const text = await readFile(join(root, WORKFLOWS, name), 'utf8');
    if (!text.includes('workflow_call:')) continue;
    // act does not know `$/`, GitHub's name for the repository that holds the workflow (nektos/act#6189).
    const local = withEnvironments(pinned(text, { repository: published, reference }));
    await writeFile(join(gangway, WORKFLOWS, name), local);
    await standIn(text);
  }
  return {
    caller: directory,
    workflows,
    repositories: [`${published}@${reference}=${gangway}`, ...mappings],
  };
}

async function writeFiles(directory: string, files: Caller): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(directory, dirname(path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
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

/** Has the jobs of a repository ask for tokens of their environments; gives the workflows as they were. */
async function withTheirEnvironments(folder: string): Promise<string[]> {
  const texts: string[] = [];
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    texts.push(text);
    await writeFile(join(folder, name), withEnvironments(text));
  }
  return texts;
}

function referenceIn(workflows: readonly string[]): string {
  const pattern = new RegExp(`uses: ${published}/\\S+@(\\S+)`);
  const reference = workflows.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  if (!reference) throw new Error(`The caller's workflow does not call ${published}.`);
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
