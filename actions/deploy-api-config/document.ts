import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { ActionError, log } from '@gangway/action';
import { type ApiDocument, type Diagnostic, type Emitted, emit, readDocument } from '@gangway/openapi';
import type { Inputs } from './inputs.ts';

export interface Prepared {
  /** The document as the user wrote it. */
  readonly source: ApiDocument;
  readonly emitted: Emitted;
}

/**
 * Reads, checks and emits the document, with an annotation for all that a person should know of.
 *
 * @throws ActionError `spec` when API Gateway would refuse it, or it would be less protected than it says
 */
export function prepareDocument({ spec, emit: options }: Inputs): Prepared {
  const { document, diagnostics } = readDocument(
    { path: shown(spec), text: readFileSync(spec, 'utf8') },
    (path) => load(spec, path),
  );
  const emitted = document && emit(document, options);
  const all = [...diagnostics, ...(emitted?.diagnostics ?? [])];
  for (const diagnostic of all) annotate(diagnostic);
  const errors = all.filter(({ severity }) => severity === 'error');
  if (!document || !emitted || errors.length > 0) {
    const first = errors[0];
    throw new ActionError(
      `API Gateway can't serve ${shown(spec)}: ${errors.length === 1 ? '1 error' : `${errors.length} errors`}${first ? `. ${first.message}` : ''}`,
      {
        code: 'spec',
        hint: first?.hint ?? 'mend what the annotations name; nothing was deployed',
      },
    );
  }
  log.info(
    `${shown(spec)}: ${emitted.operations.length} operations, emitted as ${emitted.dialect === 'openapi3' ? "Google's OpenAPI 3" : 'Swagger 2.0'}.`,
  );
  return { source: document, emitted };
}

function annotate({ severity, code, message, hint, file, line, column }: Diagnostic): void {
  const text = hint ? `${message}\nTo fix it: ${hint}` : message;
  const place = { title: code, file, line, column };
  if (severity === 'error') log.error(text, place);
  else if (severity === 'warning') log.warning(text, place);
  else log.info(`${message} (${code})`);
}

function load(spec: string, path: string): string | undefined {
  try {
    return readFileSync(resolve(dirname(spec), path), 'utf8');
  } catch {
    return undefined;
  }
}

/** The path as annotations want it: below the workspace. */
function shown(path: string): string {
  const inside = relative(process.env.GITHUB_WORKSPACE ?? process.cwd(), resolve(path));
  return inside.startsWith('..') ? path : inside;
}
