import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { ActionError, input, invalid } from '@gangway/action';

/** Where the build takes its files from. */
export interface Context {
  /** Directory that the build may copy from. */
  readonly context: string;
  /** Path of the Dockerfile; empty where none is built. */
  readonly file: string;
}

/**
 * Reads `context` and `file`. A context outside the workspace would put files of the runner into the image that the
 * repository does not hold; the runner's directories for temporary files are where earlier steps prepare one.
 *
 * @param alone without a Dockerfile
 * @throws ActionError when one is not there, is of the wrong kind, or lies elsewhere
 */
export function readContext(alone: boolean): Context {
  const context = input.required('context');
  const [, folder] = /^\{\{\s*defaultContext\s*\}\}:?(.*)$/.exec(context) ?? [];
  if (folder !== undefined)
    throw invalid(
      'context',
      context,
      `check the repository out with actions/checkout, and write ${folder || '.'} here`,
    );
  if (/^(https?|git|ssh):\/\/|^git@/.test(context))
    throw invalid(
      'context',
      context,
      'check the repository out with actions/checkout, and name its directory',
    );
  if (!existsSync(context))
    throw (
      notCheckedOut('context', context) ?? invalid('context', context, 'name a directory of the workspace')
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
  if (alone) {
    const missing = notCheckedOut('context', context);
    if (missing) throw missing;
    return { context, file: '' };
  }
  const file = input.optional('file') ?? join(context, 'Dockerfile');
  if (!existsSync(file))
    throw (
      notCheckedOut('file', file) ??
      (input.optional('file')
        ? invalid('file', file, 'name the Dockerfile, relative to the workspace')
        : noDockerfile(context))
    );
  if (!statSync(file).isFile())
    throw invalid(
      'file',
      file,
      'it is not a regular file; name the Dockerfile itself, relative to the workspace',
    );
  // Docker's client would wait for ever for what a pipe never says.
  for (const ignore of [`${file}.dockerignore`, join(context, '.dockerignore')])
    if (existsSync(ignore) && !statSync(ignore).isFile())
      throw invalid('context', context, `${ignore} is not a regular file; replace it`);
  return { context, file };
}

/** The error for a directory that has none, as those have that are deployed from source. */
function noDockerfile(context: string): ActionError {
  return new ActionError(`There is no Dockerfile in ${context === '.' ? 'the workspace' : context}.`, {
    code: 'dockerfile-missing',
    hint: 'write build: buildpacks to build without one, as "gcloud run deploy --source" does; or name the Dockerfile under file, or its directory under context',
  });
}

/** The error for a file or directory of the repository that is missing since all of it is; undefined where something is there. */
function notCheckedOut(name: string, value: string): ActionError | undefined {
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  // google-github-actions/auth leaves its file there, with a checkout or without one.
  const found = existsSync(workspace) ? readdirSync(workspace) : [];
  if (found.some((entry) => !/^gha-creds-.*\.json$/.test(entry))) return undefined;
  return new ActionError(
    `Input "${name}" names "${value}", but the workspace is empty: the repository is not checked out.`,
    { code: 'checkout-missing', hint: 'add actions/checkout before this step' },
  );
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
