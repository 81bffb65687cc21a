import { glob } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { log } from '@gangway/action';
import { contextFilter } from '@gangway/sources';

/**
 * Warns of credential files in the build context that `COPY . .` would put into the image: those that
 * google-github-actions/auth leaves in the workspace, and the one GOOGLE_APPLICATION_CREDENTIALS names.
 *
 * @param file path of the Dockerfile, whose own ignore file wins
 */
export async function warnOfStrayCredentials(context: string, file: string): Promise<void> {
  // Of an ignore file that can't be read the builder tells.
  const filter = await contextFilter(context, file).catch(() => undefined);
  for (const path of await credentialFiles(context)) {
    if (filter?.ignores(path) !== false) continue;
    log.warning(
      `${path} in the build context holds Google credentials, and .dockerignore does not keep it out: COPY could put it into the image.\nTo fix it: add gha-creds-*.json to .dockerignore, or leave google-github-actions/auth out, as this step signs in by itself.`,
    );
  }
}

async function credentialFiles(context: string): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const path of glob('{,*/,*/*/}gha-creds-*.json', {
    cwd: context,
    exclude: (name) => name === 'node_modules',
  }))
    found.add(path.split(sep).join('/'));
  const { GOOGLE_APPLICATION_CREDENTIALS: named } = process.env;
  const path = named && relative(context, named).split(sep).join('/');
  if (path && !path.startsWith('../') && !path.startsWith('/')) found.add(path);
  return found;
}
