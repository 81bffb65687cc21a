import { ActionError, counted, log } from '@gangway/action';
import { GoogleError } from '@gangway/google-cloud';
import type { ApiDocument } from '@gangway/openapi';
import { readDiagnostics, type Said } from './importer-diagnostics.ts';
import type { Prepared } from './prepare.ts';

/**
 * Does some work; where Google's importer refuses the document, its list of messages becomes annotations on the lines
 * of the user's own file.
 *
 * @throws ActionError `spec-refused`; any other error as it came
 */
export async function annotatingRefusals<T>(
  prepared: Prepared | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const said =
      error instanceof GoogleError && error.httpStatus === 400 ? readDiagnostics(error.detail) : [];
    const errors = said.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    if (!first || !prepared) throw error;
    for (const one of said) annotate(one, prepared);
    throw new ActionError(
      `API Gateway refused ${prepared.source.path}: ${counted(errors.length, 'error')}. ${first.location}: ${first.message}`,
      {
        code: 'spec-refused',
        hint: 'fix what the annotations mark; Gangway should have found this earlier: please report it with the document',
        cause: error,
      },
    );
  }
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
