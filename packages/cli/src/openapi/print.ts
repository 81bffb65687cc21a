import { styleText } from 'node:util';
import type { Diagnostic } from '@gangway/openapi';

const COLORS = { error: 'red', warning: 'yellow', note: 'gray' } as const;

/** Diagnostics for a program: one JSON object per line. */
export function diagnosticLines(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${JSON.stringify(diagnostic)}\n`).join('');
}

/**
 * Prints diagnostics to stderr for a person, errors first.
 *
 * @param notes whether to print every note, and not one of each kind
 */
export function printDiagnostics(diagnostics: readonly Diagnostic[], notes: boolean): void {
  const of = (severity: Diagnostic['severity']) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity);
  for (const diagnostic of [...of('error'), ...of('warning')]) print(diagnostic, true);
  const kinds = Map.groupBy(of('note'), ({ code }) => code);
  for (const [code, [first, ...others]] of kinds) {
    if (first !== undefined) print(first, false);
    if (notes) for (const note of others) print(note, false);
    else if (others.length > 0) console.error(`  and ${others.length} more ${code}`);
  }
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = of(severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  console.error(counts.length === 0 ? 'Nothing to say.' : `${counts.join(', ')}.`);
}

function print(
  { severity, code, message, hint, file, line, column, pointer }: Diagnostic,
  cure: boolean,
): void {
  const place = line === undefined ? pointer : `${file}:${line}:${column}`;
  const kind = styleText(COLORS[severity], severity, { stream: process.stderr });
  console.error(`${place === '' ? '' : `${place}: `}${kind} ${code}: ${message}`);
  if (cure && hint !== undefined) console.error(`  ${hint.replaceAll('\n', '\n  ')}`);
}
