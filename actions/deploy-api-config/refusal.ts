import { ActionError, log } from '@gangway/action';
import { GoogleError } from '@gangway/google-cloud';
import type { ApiDocument } from '@gangway/openapi';
import type { Prepared } from './document.ts';

/** One thing that Google's importer says of a document (google.api.servicemanagement.v1.Diagnostic). */
export interface Said {
  /** e.g. `openapi.json: Operation 'get' in path '/hello'`. */
  readonly location: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/**
 * Does some work; where Google's importer refuses the document, its list of messages becomes annotations on the lines
 * of the user's own file.
 *
 * @throws ActionError `spec-refused`; any other error as it came
 */
export async function annotatingRefusals<T>(prepared: Prepared, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const said =
      error instanceof GoogleError && error.httpStatus === 400 ? readDiagnostics(error.detail) : [];
    const errors = said.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    if (!first) throw error;
    for (const one of said) annotate(one, prepared);
    throw new ActionError(
      `API Gateway refused ${prepared.source.path}: ${errors.length === 1 ? '1 error' : `${errors.length} errors`}. ${first.location}: ${first.message}`,
      {
        code: 'spec-refused',
        hint: 'mend what the annotations name; Gangway should have seen it before: please report it with the document',
        cause: error,
      },
    );
  }
}

/**
 * Reads what the importer says: blocks of `location: "…"`, `kind: ERROR` (absent from warnings) and `message: "…"` in
 * protobuf's text format, run together in one message and sometimes repeated or escaped once more.
 */
export function readDiagnostics(detail: string): Said[] {
  const text = /location:\s*\\"/.test(detail)
    ? detail.replace(/\\(["\\nrt'])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    : detail;
  const block =
    /location:\s*"((?:[^"\\]|\\.)*)"\s*(?:kind:\s*(\w+)\s*)?message:\s*"((?:[^"\\]|\\.)*)"(?:\s*kind:\s*(\w+))?/g;
  const seen = new Map<string, Said>();
  for (const [, location = '', before, message = '', after] of text.matchAll(block)) {
    const severity = (before ?? after) === 'ERROR' ? 'error' : 'warning';
    const said: Said = { location: unescaped(location), severity, message: unescaped(message) };
    seen.set(`${said.severity} ${said.location} ${said.message}`, said);
  }
  return [...seen.values()];
}

/** Escapes of protobuf's text format; octal ones are bytes of UTF-8. */
function unescaped(text: string): string {
  const bytes = text.replace(/(?:\\[0-7]{3})+/g, (run) =>
    Buffer.from(
      run
        .slice(1)
        .split('\\')
        .map((octal) => Number.parseInt(octal, 8)),
    ).toString('utf8'),
  );
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return bytes.replace(/\\(.)/g, (_, letter: string) => named[letter] ?? letter);
}

function annotate({ location, severity, message }: Said, { source }: Prepared): void {
  const keys = keysOf(location, source);
  const [position] = source.files.get('')?.locate([keys]) ?? [];
  const text = location === 'unknown location' ? message : `${message} (${location.replace(/^[^:]*: /, '')})`;
  log[severity](text, { title: 'API Gateway', file: source.path, ...position });
}

/** Where in the user's document a location of the emitted one stands: paths lose their last slash and gain a base path on the way. */
function keysOf(location: string, { root }: ApiDocument): string[] {
  const [, method] = /[Oo]peration '(\w+)'/.exec(location) ?? [];
  const [, path] = /[Pp]ath '([^']*)'/.exec(location) ?? [];
  if (path === undefined) return [];
  const paths = root.paths;
  const known = paths && typeof paths === 'object' && !Array.isArray(paths) ? Object.keys(paths) : [];
  const sought = comparable(path);
  const found =
    known.find((candidate) => candidate === path) ??
    known.find((candidate) => comparable(candidate) === sought) ??
    known
      .filter((candidate) => comparable(candidate) !== '/' && sought.endsWith(comparable(candidate)))
      .sort((a, b) => b.length - a.length)[0];
  if (found === undefined) return ['paths'];
  return ['paths', found, ...(method ? [method.toLowerCase()] : [])];
}

function comparable(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, '{}').replace(/(?<=.)\/+$/, '');
}
