import { relative, resolve } from 'node:path';
import { ActionError, counted, log } from '@gangway/action';
import { type ApiDocument, type Diagnostic, type Emitted, emit, openDocument } from '@gangway/openapi';
import type { Inputs } from '../inputs.ts';

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
  const { document, diagnostics } = openDocument(resolve(spec), workspace());
  const emitted = document && emit(document, options);
  const all = [...diagnostics, ...(emitted?.diagnostics ?? [])];
  annotate(all);
  const errors = all.filter(({ severity }) => severity === 'error');
  if (!document || !emitted || errors.length > 0) {
    const first = errors[0];
    throw new ActionError(
      `API Gateway can't serve ${shown(spec)}: ${counted(errors.length, 'error')}${first ? `. ${first.message}` : ''}`,
      {
        code: 'spec',
        hint: first?.hint ?? 'mend what the annotations name; nothing was deployed',
      },
    );
  }
  log.info(
    `${shown(spec)}: ${counted(emitted.operations.length, 'operation')}, emitted as ${emitted.dialect === 'openapi3' ? "Google's OpenAPI 3" : 'Swagger 2.0'}.`,
  );
  return { source: document, emitted };
}

/** Diagnostics of each severity that are shown: GitHub keeps ten annotations of a step. */
const MOST = 50;

function annotate(all: readonly Diagnostic[]): void {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const diagnostic of all) {
    counts[diagnostic.severity]++;
    if (counts[diagnostic.severity] <= MOST) say(diagnostic);
  }
  for (const [severity, count] of Object.entries(counts))
    if (count > MOST) log.info(`… and ${count - MOST} more of severity ${severity}.`);
}

function say({ severity, code, message, hint, file, line, column }: Diagnostic): void {
  const text = hint ? `${message}\nTo fix it: ${hint}` : message;
  const place = { title: code, file, line, column };
  if (severity === 'error') log.error(text, place);
  else if (severity === 'warning') log.warning(text, place);
  else log.info(`${message} (${code})`);
}

/** The path as annotations want it: below the workspace. */
function shown(path: string): string {
  const inside = relative(workspace(), resolve(path));
  return inside.startsWith('..') ? path : inside;
}

function workspace(): string {
  return process.env.GITHUB_WORKSPACE ?? process.cwd();
}
