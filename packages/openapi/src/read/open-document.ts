import { existsSync, realpathSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { FileError, LIMITS, readText } from '@gangway/files';
import { collector } from '../diagnostic.ts';
import { diagnose } from '../model/document.ts';
import { ROOT } from '../place.ts';
import { type ReadResult, readDocument } from './read-document.ts';

/**
 * Reads a document from disk, and the files it refers to, but none outside the workspace (whatever links lead there).
 * A document that is not in the workspace itself may refer to files of its own folder.
 */
export function openDocument(path: string, workspace: string = process.cwd()): ReadResult {
  let file: string;
  let text: string;
  // What is left of the limit, which holds for all files together.
  let left: number = LIMITS.document;
  const read = (target: string): string => {
    const contents = readText(target, left);
    left -= contents.length;
    return contents;
  };
  try {
    file = realpathSync(resolve(workspace, path));
    text = read(file);
  } catch (error) {
    const { report, findings } = collector();
    report('unreadable', ROOT, `${path} cannot be read: ${reason(error)}.`);
    const source = { path, value: null, locate: () => [] };
    return { document: undefined, diagnostics: diagnose(new Map([['', source]]), findings) };
  }
  const home = existsSync(workspace) ? realpathSync(workspace) : undefined;
  const root = home !== undefined && isBelow(home, file) ? home : dirname(file);
  const load = (target: string): string | undefined => {
    try {
      const found = realpathSync(resolve(root, target));
      return isBelow(root, found) ? read(found) : undefined;
    } catch (error) {
      if (error instanceof FileError && error.problem !== 'missing') throw error;
      return undefined;
    }
  };
  return readDocument({ path: relative(root, file).replaceAll(sep, '/'), text }, load);
}

function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && resolve(folder, path) === file;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : error.message;
}
