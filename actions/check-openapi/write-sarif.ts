import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Diagnostic, sarif } from '@gangway/openapi';

/** Writes the findings for GitHub's code scanning, and gives the path. */
export async function writeSarif(folder: string, diagnostics: readonly Diagnostic[]): Promise<string> {
  const path = join(folder, 'openapi.sarif');
  await writeFile(path, sarif(diagnostics));
  return path;
}
