import { checkOpenapi3, checkSwagger2, emit, readDocument } from '@gangway/openapi';
import type { Text } from './texts.ts';

/** Where the tests of Google's importer are in googleapis/api-compiler. */
export const IMPORTER = 'src/test/java/com/google/api/tools/framework/importers/swagger/testdata/';

/**
 * Holds the documents of the tests of Google's importer against what it says of them, in Markdown. One that it rejects has to be
 * refused or mended with a word on it; one that it accepts, taken or refused with a reason.
 */
export function judgeImporter(texts: readonly Text[]): string {
  const named = new Map(texts.map(({ path, text }) => [path.slice(IMPORTER.length), text]));
  const rows = new Map<string, string[]>();
  for (const [name, text] of named) {
    const stem = name.replace(/\.\w+$/, '');
    const said = named.get(`${stem}.baseline`) ?? named.get(`${stem.replaceAll('-', '_')}.baseline`);
    // Those of several documents, which make one service, are right each by itself.
    if (name.endsWith('.baseline') || name.startsWith('multi_apis') || said === undefined) continue;
    const outcomes = (['swagger2', 'openapi3'] as const).map((dialect) => outcomeOf(name, text, dialect));
    const [worst] = ['wrong and silent', 'taken without a word', 'mended', 'refused'].filter((outcome) =>
      outcomes.includes(outcome),
    );
    // A baseline is the service config that came out, or what was wrong.
    const accepted = /^name: "/m.test(said) && !/^ERROR/m.test(said);
    const row = `${accepted ? 'accepted' : 'rejected'} by Google, ${worst}`;
    rows.set(row, [...(rows.get(row) ?? []), name]);
  }
  return [...rows]
    .sort()
    .map(([row, names]) => `- ${row}: ${names.length} (${names.join(', ')})`)
    .join('\n');
}

function outcomeOf(name: string, text: string, dialect: 'swagger2' | 'openapi3'): string {
  const { document, diagnostics } = readDocument({ path: name, text });
  if (document === undefined) return 'refused';
  const schemes = Object.entries(Object(document.root.securityDefinitions)) as [string, Scheme][];
  const jwt = schemes
    .filter(([, scheme]) => scheme.type === 'oauth2' && !scheme['x-google-issuer'] && !scheme['x-issuer'])
    .map(([scheme]) => ({ scheme, issuer: 'https://issuer.example' }));
  const passthrough = schemes.filter(([, { type }]) => type === 'basic').map(([scheme]) => scheme);
  const backend = { address: 'https://app-abc.a.run.app' };
  const emitted = emit(document, { dialect, backend, jwt, passthrough });
  const all = [...diagnostics, ...emitted.diagnostics];
  if (all.some(({ severity }) => severity === 'error')) return 'refused';
  const violations = (dialect === 'swagger2' ? checkSwagger2 : checkOpenapi3)(JSON.parse(emitted.contents));
  if (violations.length > 0) return 'wrong and silent';
  return all.length > 0 ? 'mended' : 'taken without a word';
}

interface Scheme {
  readonly type?: string;
  readonly 'x-google-issuer'?: string;
  readonly 'x-issuer'?: string;
}
