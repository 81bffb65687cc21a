import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Emitted, emit, type SourceOptions, type Unread } from '@gangway/openapi';
import { Misuse } from '../misuse.ts';

/** Where documents are read from, and what is made of them. */
export interface Conversion {
  readonly options: SourceOptions;
  /** Folder; the current one when undefined. */
  readonly workspace: string | undefined;
}

/**
 * Refuses files that are not there before anything is done with the others.
 *
 * @throws Misuse
 */
export function refuseMissing(files: readonly string[], { workspace }: Conversion): void {
  if (workspace !== undefined && !isFolder(workspace))
    throw new Misuse(`--workspace ${workspace} is not a folder.`);
  const missing = files.find((file) => file !== '-' && !existsSync(file));
  if (missing !== undefined) throw new Misuse(`There is no file ${missing}.`);
  if (files.filter((file) => file === '-').length > 1)
    throw new Misuse('Standard input can only be read once.');
}

/** The document emitted. */
export function convert(file: string, { options, workspace = '.' }: Conversion): Emitted | Unread {
  if (file === '-')
    return emit(`${readFileSync(0, 'utf8')}\n`, { ...options, file: 'stdin', workspace: resolve(workspace) });
  const emitted = emit(resolve(file), { ...options, workspace: resolve(workspace) });
  const found = realpathSync(resolve(file));
  const root = realpathSync(resolve(workspace));
  if (found.startsWith(`${root}${sep}`)) return emitted;
  // One outside the workspace names its files from its own folder.
  const shown = (name: string) => relative(root, join(dirname(found), name)).replaceAll(sep, '/') || name;
  const diagnostics = emitted.diagnostics.map((one) =>
    one.file === undefined ? one : { ...one, file: shown(one.file) },
  );
  return { ...emitted, diagnostics };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
