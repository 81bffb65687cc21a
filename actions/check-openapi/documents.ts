import { resolve } from 'node:path';
import { shown, workspace } from '@gangway/api-document';
import { type Diagnostic, type Emitted, emit } from '@gangway/openapi';
import type { Inputs } from './inputs.ts';

/** A document and what there is to say of it. */
export interface Checked {
  readonly path: string;
  /** Undefined for one that can't be read. */
  readonly document: Emitted | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads each document and makes of it what deploy-api-config would, without deploying it. */
export function checkDocuments({ specs, emit: options }: Pick<Inputs, 'specs' | 'emit'>): readonly Checked[] {
  const folder = resolve(workspace());
  return specs.map((path) => {
    const emitted = emit(resolve(path), { ...options, workspace: folder });
    return {
      path: shown(path),
      document: emitted.document === undefined ? undefined : emitted,
      diagnostics: emitted.diagnostics,
    };
  });
}

export function tally(diagnostics: readonly Diagnostic[]): {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
} {
  const count = (wanted: Diagnostic['severity']) =>
    diagnostics.filter(({ severity }) => severity === wanted).length;
  return { errors: count('error'), warnings: count('warning'), notes: count('note') };
}
