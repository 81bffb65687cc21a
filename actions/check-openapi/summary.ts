import { type Stopwatch, writeSummary } from '@gangway/action';
import { blocks, code, md, table } from '@gangway/markdown';
import { type Checked, tally } from './documents.ts';

const MOST = 50;
const DIALECTS = { openapi3: "Google's OpenAPI 3", swagger2: 'Swagger 2.0' } as const;

/** Writes the step's summary: the documents, and their errors and warnings. */
export async function writeFindings(documents: readonly Checked[], watch: Stopwatch): Promise<void> {
  const all = documents.flatMap(({ diagnostics }) => diagnostics);
  const findings = (['error', 'warning'] as const).flatMap((severity) =>
    all.filter((one) => one.severity === severity),
  );
  const rows = documents.map((document) => {
    const { errors, warnings, notes } = tally(document.diagnostics);
    const { document: read } = document;
    return [
      code(document.path),
      read ? String(read.operations.length) : '',
      read ? DIALECTS[read.dialect] : 'not read',
      String(errors),
      String(warnings),
      String(notes),
    ];
  });
  const listed = findings
    .slice(0, MOST)
    .map(({ severity, code: name, message, file, line, pointer }) => [
      severity,
      code(line === undefined ? pointer || '/' : `${file}:${line}`),
      md`${message} (${code(name)})`,
    ]);
  const more = findings.length > MOST ? [[`… and ${findings.length - MOST} more`, '', '']] : [];
  await writeSummary({
    title: 'OpenAPI documents for API Gateway',
    lead:
      findings.length === 0
        ? 'API Gateway accepts them unchanged.'
        : 'What API Gateway would reject, drop or leave unprotected:',
    facts: [],
    details: blocks(
      table(['Document', 'Operations', 'As', 'Errors', 'Warnings', 'Notes'], rows),
      findings.length > 0 ? table(['', 'Where', 'What'], [...listed, ...more]) : '',
    ),
    parts: watch.parts,
  });
}
