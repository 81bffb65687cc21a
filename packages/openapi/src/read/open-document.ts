import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { collector } from '../diagnostic.ts';
import { diagnose } from '../model/document.ts';
import { ROOT } from '../place.ts';
import { MAX_CHARACTERS } from './parse.ts';
import { type ReadResult, readDocument } from './read-document.ts';

/**
 * Reads a document from disk, and the files it refers to, but none outside the workspace (whatever links lead there).
 * A document that is not in the workspace itself may refer to files of its own folder.
 */
export function openDocument(path: string, workspace: string = process.cwd()): ReadResult {
  let file: string;
  let text: string;
  try {
    file = realpathSync(resolve(workspace, path));
    text = readText(file);
  } catch (error) {
    const { report, findings } = collector();
    report('unreadable', ROOT, `${path} cannot be read: ${reason(error)}.`);
    const source = { path, value: null, locate: () => [] };
    return { document: undefined, diagnostics: diagnose(new Map([['', source]]), findings) };
  }
  const home = realpathSync(workspace);
  const root = isBelow(home, file) ? home : dirname(file);
  const load = (target: string): string | undefined => {
    try {
      const found = realpathSync(resolve(root, target));
      return isBelow(root, found) ? readText(found) : undefined;
    } catch {
      return undefined;
    }
  };
  return readDocument({ path: relative(root, file).replaceAll(sep, '/'), text }, load);
}

/** @throws Error when the file cannot be read, or is so large that a process should not try */
function readText(file: string): string {
  const stats = statSync(file);
  // No character takes more than three bytes but those that count as two.
  if (stats.size > MAX_CHARACTERS * 3) throw new Error(`it has ${stats.size} bytes`);
  if (!stats.isFile()) throw new Error('it is not a file');
  return readFileSync(file, 'utf8');
}

function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && resolve(folder, path) === file;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : error.message;
}
