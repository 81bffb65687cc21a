import { type Document, isAlias, parseDocument, visit } from 'yaml';
import { ApiError } from '../../../kernel/errors.ts';
import { importError } from './diagnostics.ts';
import { isObject, type JsonObject } from './json.ts';

/** One file of `openapiDocuments`: `contents` is base64. */
export interface SourceFile {
  readonly document?: { readonly path?: string; readonly contents?: string };
}

/** A file that is an OpenAPI document of its own, not only a target of references. */
export interface RootDocument {
  /** File name, as diagnostics show it. */
  readonly file: string;
  readonly version: '2.0' | '3';
  readonly content: JsonObject;
}

const EXTENSIONS = ['yaml', 'yml', 'json'];
const MAX_ALIASES = 200;
const MAX_FILES = 50;
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads the files of a config (https://cloud.google.com/api-gateway/docs/openapi-overview).
 * @throws ApiError INVALID_ARGUMENT for a file that cannot be read, or when none is an OpenAPI document
 */
export function readDocuments(files: readonly SourceFile[]): RootDocument[] {
  if (files.length > MAX_FILES)
    throw importError(`Too many OpenAPI files: ${files.length}, at most ${MAX_FILES} are allowed.`);
  const sources = files.map(decode);
  const total = sources.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (total > MAX_BYTES)
    throw importError(`The OpenAPI files are ${total} bytes in total, at most ${MAX_BYTES} are allowed.`);
  const roots = sources.flatMap(({ file, text }) => asRoot(file, parse(file, text)));
  if (roots.length === 0) throw importError('Cannot find a valid OpenAPI 2.0 spec in the input files');
  if (new Set(roots.map(({ version }) => version)).size > 1) {
    throw importError('OpenAPI 2.0 and OpenAPI 3.x files cannot be used in one API config.');
  }
  return roots;
}

function decode({ document }: SourceFile): { file: string; text: string } {
  if (!document?.path) throw new ApiError('INVALID_ARGUMENT', 'The path of an OpenAPI document must be set.');
  const file = document.path.split('/').at(-1) ?? document.path;
  const extension = /\.([^.]*)$/.exec(file)?.[1] ?? '';
  if (!EXTENSIONS.includes(extension)) {
    throw importError(
      `OpenAPI file '${file}' has invalid extension '${extension}'. Only files with {${EXTENSIONS.join(', ')}} file extensions are allowed.`,
    );
  }
  return { file, text: Buffer.from(document.contents ?? '', 'base64').toString('utf8') };
}

function parse(file: string, text: string): unknown {
  try {
    return file.endsWith('.json') ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    throw importError(`Unable to parse the content. ${error instanceof Error ? error.message : error}`);
  }
}

function parseYaml(text: string): unknown {
  // A tag such as !!set would make an object without members of what JSON has no word for.
  const document = parseDocument(text, { merge: true, schema: 'core', resolveKnownTags: false });
  const [problem] = document.errors;
  if (problem) throw problem;
  if (countAliases(document) > MAX_ALIASES) {
    throw new Error(`Number of aliases for non-scalar nodes exceeds the specified max=${MAX_ALIASES}`);
  }
  // Few aliases can still stand for a document of exponential size.
  return document.toJS({ maxAliasCount: 10_000 });
}

function countAliases(document: Document.Parsed): number {
  let count = 0;
  visit(document, (_, node) => {
    if (isAlias(node)) count += 1;
  });
  return count;
}

function asRoot(file: string, content: unknown): RootDocument[] {
  if (!isObject(content)) return [];
  const { swagger, openapi } = content;
  if (swagger !== undefined && openapi !== undefined) {
    throw importError("Only one of 'swagger' and 'openapi' can be set.", `${file}: OpenAPI`);
  }
  // An unquoted 2.0 is a number in YAML, and Google's parser takes it.
  if (swagger === '2.0' || swagger === 2) return [{ file, version: '2.0', content }];
  if (typeof openapi === 'string' && /^3\.[01]\.\d+/.test(openapi)) return [{ file, version: '3', content }];
  if (openapi !== undefined) {
    throw importError(
      `OpenAPI version '${String(openapi)}' is not supported. Supported versions are 2.0, 3.0.x and 3.1.x.`,
    );
  }
  return [];
}
