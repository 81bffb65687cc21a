import { existsSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { input, invalid } from '@gangway/action';

/** Where the build takes its files from. */
export interface Context {
  /** Directory that the build may copy from. */
  readonly context: string;
  /** Path of the Dockerfile. */
  readonly file: string;
}

/**
 * Reads `context` and `file`. A context outside the workspace would put files of the runner into the image that the
 * repository does not hold; the runner's directories for temporary files are where earlier steps prepare one.
 *
 * @throws ActionError when one is not there, is of the wrong kind, or lies elsewhere
 */
export function readContext(): Context {
  const context = input.required('context');
  if (/^(https?|git|ssh):\/\/|^git@/.test(context))
    throw invalid(
      'context',
      context,
      'check the repository out with actions/checkout, and name its directory',
    );
  if (!existsSync(context))
    throw invalid(
      'context',
      context,
      'name a directory of the workspace; is actions/checkout before this step?',
    );
  if (!statSync(context).isDirectory())
    throw invalid(
      'context',
      context,
      'name the directory that the build copies from, and the Dockerfile under file',
    );
  if (!isOurs(context))
    throw invalid(
      'context',
      context,
      'name a directory inside the workspace (or RUNNER_TEMP, where an earlier step made one)',
    );
  const file = input.optional('file') ?? join(context, 'Dockerfile');
  if (!existsSync(file)) throw invalid('file', file, 'name the Dockerfile, relative to the workspace');
  if (!statSync(file).isFile())
    throw invalid(
      'file',
      file,
      'it is no regular file; name the Dockerfile itself, relative to the workspace',
    );
  // Docker's client would wait for ever for what a pipe never says.
  for (const ignore of [`${file}.dockerignore`, join(context, '.dockerignore')])
    if (existsSync(ignore) && !statSync(ignore).isFile())
      throw invalid('context', context, `${ignore} is no regular file; replace it`);
  return { context, file };
}

/** Whether a path leads, links followed, into the workspace or to temporary files. */
function isOurs(path: string): boolean {
  const { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temporary } = process.env;
  const target = realpathSync(path);
  return [workspace ?? process.cwd(), temporary, tmpdir()]
    .filter((root) => root !== undefined && existsSync(root))
    .some((root) => {
      const from = relative(realpathSync(root ?? ''), target);
      return from === '' || (from !== '..' && !from.startsWith(`..${sep}`));
    });
}
