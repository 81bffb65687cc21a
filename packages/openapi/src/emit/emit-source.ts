import { existsSync } from 'node:fs';
import type { Diagnostic } from '../diagnostic.ts';
import type { ApiDocument } from '../model/document.ts';
import type { BackendOptions, EmitOptions, ExposeOptions, JwtMapping } from '../options.ts';
import { openDocument } from '../read/open-document.ts';
import { type ReadResult, readDocument } from '../read/read-document.ts';
import { type Emitted, emit as emitDocument } from './emit.ts';

/** The wishes of `EmitOptions` in shorter words, for a document that is yet to be read. */
export interface SourceOptions extends Omit<Partial<EmitOptions>, 'backend' | 'jwt' | 'expose'> {
  /** An address, or all there is to say of it. */
  readonly backend?: string | BackendOptions;
  /** By the name of the scheme. */
  readonly jwt?: readonly JwtMapping[] | Readonly<Record<string, Omit<JwtMapping, 'scheme'>>>;
  /** Patterns, `!` in front of those that leave out; or the two lists. */
  readonly expose?: readonly string[] | ExposeOptions;
  /** What a document that is given as text is called in diagnostics. */
  readonly file?: string;
  /** The folder that paths and references stay in; the current one when absent. */
  readonly workspace?: string;
}

/** What is left of a source that could not be read: why. */
export interface Unread {
  readonly document: undefined;
  readonly text: '';
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Emits a document in a dialect of API Gateway. The source is a document that `readDocument` gave; or its text; or a
 * path (one line that ends in .json, .yaml or .yml, or names a file); or the document as data, which stays as it is
 * and whose diagnostics have a pointer but no line. Never throws for what stands in a document.
 */
export function emit(source: ApiDocument, options: EmitOptions): Emitted;
export function emit(source: string | object, options?: SourceOptions): Emitted | Unread;
export function emit(source: string | object, options: SourceOptions = {}): Emitted | Unread {
  const { backend, jwt, expose, file, workspace, ...rest } = options;
  const wishes: EmitOptions = {
    dialect: 'auto',
    ...rest,
    ...(backend === undefined
      ? {}
      : { backend: typeof backend === 'string' ? { address: backend } : backend }),
    ...(jwt === undefined ? {} : { jwt: isList(jwt) ? jwt : mappings(jwt) }),
    ...(expose === undefined ? {} : { expose: isList(expose) ? patterns(expose) : expose }),
  };
  if (isDocument(source)) return emitDocument(source, wishes);
  const { document, diagnostics } = readSource(source, file, workspace);
  if (document === undefined) return { document, text: '', diagnostics };
  const emitted = emitDocument(document, wishes);
  return { ...emitted, diagnostics: [...diagnostics, ...emitted.diagnostics] };
}

function readSource(source: string | object, file = 'openapi', workspace: string | undefined): ReadResult {
  if (typeof source !== 'string') return readData(source, file);
  return isPath(source, workspace)
    ? openDocument(source, workspace)
    : readDocument({ path: file, text: source });
}

function isPath(source: string, workspace = process.cwd()): boolean {
  if (source === '' || source.length > 4096 || /[\n\0]|^\s*[{[]/.test(source)) return false;
  return /^[^:]+\.(json|ya?ml)$/i.test(source) || existsSync(source) || existsSync(`${workspace}/${source}`);
}

/** Data goes through text, so that what is read is JSON, fresh, and nobody else's. */
function readData(source: object, file: string): ReadResult {
  let text: string | undefined;
  try {
    text = JSON.stringify(source);
  } catch {
    text = undefined;
  }
  const { document, diagnostics } = readDocument({ path: file, text: text ?? 'null' });
  const unplaced = diagnostics.map(({ line: _, column: __, ...diagnostic }) => diagnostic);
  if (document === undefined) return { document, diagnostics: unplaced };
  const files = new Map([...document.files].map(([name, each]) => [name, { ...each, locate: () => [] }]));
  return { document: { ...document, files }, diagnostics: unplaced };
}

function isDocument(source: string | object): source is ApiDocument {
  return typeof source === 'object' && 'resolve' in source && typeof source.resolve === 'function';
}

function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

function mappings(jwt: Readonly<Record<string, Omit<JwtMapping, 'scheme'>>>): readonly JwtMapping[] {
  return Object.entries(jwt).map(([scheme, mapping]) => ({ scheme, ...mapping }));
}

function patterns(expose: readonly string[]): ExposeOptions {
  return {
    include: expose.filter((pattern) => !pattern.startsWith('!')),
    exclude: expose.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
  };
}
