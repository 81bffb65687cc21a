import type { Report } from '../diagnostic.ts';
import type { SourceFile } from '../model/document.ts';
import { replaceReferences } from '../model/references.ts';
import type { Place } from '../place.ts';
import { parse } from './parse.ts';

/**
 * The document and every local file it refers to, directly or not. References between files are rewritten in place
 * to `FILE#/pointer`, FILE as in the returned map, so that one resolver serves all; those back to the document
 * become `#/pointer`. The data is fresh from the parser and belongs to nobody else yet.
 */
export function gather(
  main: SourceFile,
  load: (path: string) => string | undefined,
  report: Report,
): ReadonlyMap<string, SourceFile> {
  const files = new Map([['', main]]);
  const queue = [''];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const file = files.get(name);
    if (file === undefined) continue;
    // Nothing is replaced here: a holder is changed in place, which the walk does not notice.
    replaceReferences(file.value, `${name}#`, (holder, reference, place) => {
      const target = locateFile(file.path, name, reference, main.path, place, report);
      if (target === undefined) return holder;
      holder.$ref = `${target.name}#${target.pointer}`;
      if (files.has(target.name)) return holder;
      const loaded = read(target.name, load, place, report);
      if (loaded === undefined) return holder;
      files.set(target.name, loaded);
      queue.push(target.name);
      return holder;
    });
  }
  return files;
}

/** Where a reference of a file leads, or undefined when it stays within the document, or may not be followed. */
function locateFile(
  path: string,
  name: string,
  reference: string,
  mainPath: string,
  place: Place,
  report: Report,
): { readonly name: string; readonly pointer: string } | undefined {
  const hash = reference.indexOf('#');
  const filePart = hash < 0 ? reference : reference.slice(0, hash);
  const pointer = hash < 0 ? '' : reference.slice(hash + 1);
  if (filePart === '') return name === '' ? undefined : { name, pointer };
  if (/^[a-z][a-z0-9+.-]*:/i.test(filePart) || filePart.startsWith('//')) {
    report('remote-reference', place, `The reference ${reference} leads to another host.`);
    return undefined;
  }
  const target = join(path, filePart);
  if (target === undefined) {
    report('reference-outside', place, `The reference ${reference} leads out of the workspace.`);
    return undefined;
  }
  return { name: target === normalise(mainPath) ? '' : target, pointer };
}

function read(
  path: string,
  load: (path: string) => string | undefined,
  place: Place,
  report: Report,
): SourceFile | undefined {
  let text: string | undefined;
  try {
    text = load(path);
  } catch (error) {
    report('unreadable', place, `${path} cannot be read: ${error instanceof Error ? error.message : error}.`);
    return undefined;
  }
  if (text === undefined) {
    report('reference-not-found', place, `There is no readable file ${path}.`);
    return undefined;
  }
  const parsed = parse(text, path);
  if ('code' in parsed) {
    const at = parsed.position === undefined ? '' : `:${parsed.position.line}:${parsed.position.column}`;
    report(parsed.code, place, `${path}${at} cannot be read: ${parsed.message}`);
    return undefined;
  }
  return { path, ...parsed };
}

/** A path relative to a file's folder, normalised; undefined when it climbs out of where the paths start. */
function join(from: string, to: string): string | undefined {
  if (to.startsWith('/')) return undefined;
  const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/') + 1) : '';
  return normalise(`${folder}${decodePath(to)}`);
}

function normalise(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '.' || part === '') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
