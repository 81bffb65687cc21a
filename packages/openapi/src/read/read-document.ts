import { collector, type Diagnostic } from '../diagnostic.ts';
import { asObject, inWords, type JsonObject } from '../json.ts';
import { type ApiDocument, diagnose, resolver, type SourceFile } from '../model/document.ts';
import { below, ROOT } from '../place.ts';
import { gather } from './files.ts';
import { parse } from './parse.ts';

/** A text and the path it came from, relative to the workspace; annotations name the path. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What reading gives: a document unless the text cannot be one, and what is to be said about it. */
export interface ReadResult {
  readonly document: ApiDocument | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads an OpenAPI 2.0, 3.0 or 3.1 document, YAML or JSON, and the local files its references name.
 *
 * `load` gives the text of another file by its path (relative to where `source.path` is relative to), or undefined
 * when there is none, or throws an Error that says why it can't be read; it is asked only for paths that stay below the workspace. Without it, every reference to
 * another file is an error. Never throws for what stands in the text: it becomes a diagnostic.
 */
export function readDocument(
  source: Source,
  load: (path: string) => string | undefined = () => undefined,
): ReadResult {
  const parsed = parse(source.text, source.path);
  if ('code' in parsed) {
    const locate = (paths: readonly unknown[]) => paths.map(() => parsed.position ?? { line: 1, column: 1 });
    return failure({ path: source.path, value: null, locate }, parsed.code, ROOT, parsed.message);
  }
  const file: SourceFile = { path: source.path, ...parsed };
  const root = asObject(parsed.value);
  if (root === undefined) return failure(file, 'not-openapi', ROOT, 'The document is not an object.');
  const version = versionOf(root);
  if (version.known === undefined) return failure(file, version.code, version.place, version.message);
  const { report, findings } = collector();
  const files = gather(file, load, report);
  const document: ApiDocument = {
    version: version.known,
    root,
    path: source.path,
    files,
    resolve: resolver(files),
  };
  return { document, diagnostics: diagnose(files, findings) };
}

type Version =
  | { readonly known: ApiDocument['version'] }
  | {
      readonly known: undefined;
      readonly code: 'unsupported-version' | 'not-openapi';
      readonly place: string;
      readonly message: string;
    };

function versionOf(root: JsonObject): Version {
  const key = Object.hasOwn(root, 'swagger') ? 'swagger' : 'openapi';
  if (!Object.hasOwn(root, key)) {
    const message = 'The document has neither `openapi` nor `swagger` at its root.';
    return { known: undefined, code: 'not-openapi', place: ROOT, message };
  }
  const text = inWords(root[key]);
  if (key === 'swagger' && (text === '2.0' || text === '2')) return { known: '2.0' };
  if (key === 'openapi' && /^3\.0(\.|$)/.test(text)) return { known: '3.0' };
  if (key === 'openapi' && /^3\.1(\.|$)/.test(text)) return { known: '3.1' };
  const message = `API Gateway takes OpenAPI 2.0, 3.0 and 3.1; this document says \`${key}: ${text}\`.`;
  return { known: undefined, code: 'unsupported-version', place: below(ROOT, key), message };
}

function failure(
  file: SourceFile,
  code: Parameters<ReturnType<typeof collector>['report']>[0],
  place: string,
  message: string,
): ReadResult {
  const { report, findings } = collector();
  report(code, place, message);
  return { document: undefined, diagnostics: diagnose(new Map([['', file]]), findings) };
}
