import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where buildx keeps what it tells itself apart by from buildx on other machines. */
const NODE = '.buildNodeID';
/** Taken while builders are read and changed. */
const LOCK = '.lock';

/**
 * Makes a configuration of buildx with the user's builders, and an identity that is this build context's alone.
 *
 * BuildKit keeps the files of a context between builds, and compares those of the next one by size and time only. It tells contexts
 * apart by buildx's identity and the last name in their path, which is the repository's on every runner of a machine. Two
 * runners that check out two commits at the same moment would so get each other's files.
 *
 * @param directory to make it in
 * @param own the user's configuration of buildx, which need not be there
 * @param context path of the build context
 * @see https://github.com/docker/buildx/blob/v0.29.1/build/opt.go (SharedKey)
 */
export async function makeBuildxConfig(directory: string, own: string, context: string): Promise<string> {
  const config = join(directory, 'buildx');
  await mkdir(config, { mode: 0o700 });
  const node = existsSync(own) ? await readOwn(own, config) : random();
  const identity = createHash('sha256')
    .update(`${node}\0${resolve(context)}`)
    .digest('hex')
    .slice(0, 16);
  await writeFile(join(config, NODE), identity, { mode: 0o600 });
  return config;
}

/** Links what is there, and tells who buildx says it is; it says so in a file, once and for all. */
async function readOwn(own: string, config: string): Promise<string> {
  // So that it keeps out others who change builders meanwhile.
  await open(join(own, LOCK), 'a', 0o600).then(
    (file) => file.close(),
    () => undefined,
  );
  for (const name of await readdir(own))
    if (name !== NODE) await symlink(resolve(own, name), join(config, name));
  const path = join(own, NODE);
  await writeFile(path, random(), { mode: 0o600, flag: 'wx' }).catch(() => undefined);
  return readFile(path, 'utf8').catch(random);
}

function random(): string {
  return randomBytes(8).toString('hex');
}
