import { resolve } from 'node:path';
import { ActionError, counted, log } from '@gangway/action';
import { annotate, shown, workspace } from '@gangway/api-document';
import { type ApiDocument, type Emitted, emit, openDocument } from '@gangway/openapi';
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
        hint: first?.hint ?? 'fix what the annotations mark; nothing was deployed',
      },
    );
  }
  log.info(
    `${shown(spec)}: ${counted(emitted.operations.length, 'operation')}, emitted as ${emitted.dialect === 'openapi3' ? "Google's OpenAPI 3" : 'Swagger 2.0'}.`,
  );
  return { source: document, emitted };
}
