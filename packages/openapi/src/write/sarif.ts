import type { Log, ReportingDescriptor, Result } from 'sarif';
import { catalogue, type Severity } from '../catalogue/catalogue.ts';
import type { Diagnostic } from '../diagnostic.ts';

const DOCS = 'https://github.com/gangway-dev/gangway/blob/main/docs/openapi.md#diagnostics';
/** GitHub shows the first 5,000 results of a run and refuses more than 25,000. */
const MOST = 5000;
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';
const ORDER: readonly Severity[] = ['error', 'warning', 'note'];

/**
 * Diagnostics as a SARIF 2.1.0 log, for GitHub's code scanning and editors. Errors come first: GitHub cuts a long list.
 *
 * @param version of Gangway
 * @returns JSON, with a newline at the end
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarif(diagnostics: readonly Diagnostic[], version?: string): string {
  const sorted = ORDER.flatMap((severity) => diagnostics.filter((one) => one.severity === severity));
  const codes = [...new Set(sorted.map(({ code }) => code))];
  const seen = new Map<string, number>();
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Gangway',
            informationUri: 'https://github.com/gangway-dev/gangway',
            ...(version === undefined ? {} : { version, semanticVersion: version }),
            rules: codes.map((code) => rule(code, sorted)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: sorted.slice(0, MOST).map((one) => result(one, codes.indexOf(one.code), seen)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule(code: string, all: readonly Diagnostic[]): ReportingDescriptor {
  const known = Object.hasOwn(catalogue, code) ? catalogue[code as keyof typeof catalogue] : undefined;
  const severity = known?.severity ?? all.find((one) => one.code === code)?.severity ?? 'warning';
  const meaning = known?.meaning ?? 'API Gateway would reject the emitted document.';
  return {
    id: code,
    shortDescription: { text: meaning },
    fullDescription: { text: meaning },
    help: { text: known?.cure ?? meaning },
    helpUri: DOCS,
    defaultConfiguration: { level: severity },
    properties: { tags: ['openapi', 'api-gateway'] },
  };
}

function result(diagnostic: Diagnostic, ruleIndex: number, seen: Map<string, number>): Result {
  const { code, severity, message, hint, pointer, file, line, column } = diagnostic;
  // What a finding is known by when lines move: its place in the document, not in the file.
  const identity = `${code} ${file ?? ''}#${pointer}`;
  const nth = (seen.get(identity) ?? 0) + 1;
  seen.set(identity, nth);
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: hint === undefined ? message : `${message}\nTo fix it: ${hint}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: location(file ?? 'openapi'),
          // GitHub shows no result without a line.
          region: { startLine: line ?? 1, ...(column === undefined ? {} : { startColumn: column }) },
        },
        logicalLocations: [{ fullyQualifiedName: pointer === '' ? '/' : pointer }],
      },
    ],
    partialFingerprints: { 'place/v1': `${identity} ${nth}` },
  };
}

/** A path of the workspace is relative to its root; one outside stays as it is. */
function location(file: string): { uri: string; uriBaseId?: string } {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return uri.startsWith('../') || uri.startsWith('/') ? { uri } : { uri, uriBaseId: '%SRCROOT%' };
}
