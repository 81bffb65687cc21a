/** One thing that Google's importer says of a document (google.api.servicemanagement.v1.Diagnostic). */
export interface Said {
  /** e.g. `openapi.json: Operation 'get' in path '/hello'`. */
  readonly location: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/**
 * Reads what the importer says: blocks of `location: "…"`, `kind: ERROR` (absent from warnings) and `message: "…"` in
 * protobuf's text format, run together in one message and sometimes repeated or escaped once more.
 */
export function readDiagnostics(detail: string): Said[] {
  const text = /location:\s*\\"/.test(detail)
    ? detail.replace(/\\(["\\nrt'])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    : detail;
  const block =
    /location:\s*"((?:[^"\\]|\\.)*)"\s*(?:kind:\s*(\w+)\s*)?message:\s*"((?:[^"\\]|\\.)*)"(?:\s*kind:\s*(\w+))?/g;
  const seen = new Map<string, Said>();
  for (const [, location = '', before, message = '', after] of text.matchAll(block)) {
    const severity = (before ?? after) === 'ERROR' ? 'error' : 'warning';
    const said: Said = { location: unescaped(location), severity, message: unescaped(message) };
    seen.set(`${said.severity} ${said.location} ${said.message}`, said);
  }
  return [...seen.values()];
}

/** Escapes of protobuf's text format; octal ones are bytes of UTF-8. */
function unescaped(text: string): string {
  const bytes = text.replace(/(?:\\[0-7]{3})+/g, (run) =>
    Buffer.from(
      run
        .slice(1)
        .split('\\')
        .map((octal) => Number.parseInt(octal, 8)),
    ).toString('utf8'),
  );
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return bytes.replace(/\\(.)/g, (_, letter: string) => named[letter] ?? letter);
}
