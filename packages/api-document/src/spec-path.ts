import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { input, invalid, missingFileHint } from '@gangway/action';

/**
 * Reads `spec`, the path of one document.
 *
 * @param hint what to do where it is empty
 */
export function readSpecPath(hint?: string): string {
  const path = input.required('spec', hint);
  checkSpecPath(path);
  return path;
}

/**
 * Refuses what can't be a document, before it is read.
 *
 * @throws ActionError that names the input `spec`
 */
export function checkSpecPath(path: string): void {
  if (!['.json', '.yaml', '.yml'].includes(extname(path)))
    throw invalid('spec', path, 'API Gateway takes files that end in .json, .yaml or .yml');
  if (!existsSync(path))
    throw invalid(
      'spec',
      path,
      missingFileHint(
        'there is no such file; check the path, and that actions/checkout, or the step that creates it, comes before this one',
      ),
    );
}
