import { globSync } from 'node:fs';
import { input, invalid, type Refused, refuseUnknown } from '@gangway/action';
import { checkSpecPath, readEmitOptions, workspace } from '@gangway/api-document';
import type { EmitOptions, FailOn } from '@gangway/openapi';
import { DECLARED } from './declared-inputs.ts';

export interface Inputs {
  /** Paths of the documents, each once. */
  readonly specs: readonly string[];
  readonly emit: EmitOptions;
  readonly failOn: FailOn;
}

/** What deploy-api-config takes and this action has no use for. */
const REFUSED: Readonly<Record<string, Refused>> = Object.fromEntries(
  ['project_id', 'workload_identity_provider', 'service_account', 'credentials_json', 'api', 'location'].map(
    (name) => [name, { cure: 'leave it out: this action calls no cloud, and needs no credentials' }],
  ),
);

export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED);
  input.required('spec');
  return {
    specs: [...new Set(input.lines('spec').flatMap(found))],
    emit: readEmitOptions(),
    failOn: input.choice('fail_on', ['error', 'warning', 'never'] as const),
  };
}

/** The files that a line of `spec` names. */
function found(line: string): string[] {
  if (!line.includes('*')) {
    checkSpecPath(line);
    return [line];
  }
  const exclude = (path: string) => path.split('/').includes('node_modules');
  const files = globSync(line, { cwd: workspace(), exclude }).sort();
  if (files.length === 0)
    throw invalid(
      'spec',
      line,
      'no file matches; check the pattern, and that actions/checkout comes before this step',
    );
  for (const file of files) checkSpecPath(file);
  return files;
}
