import { input, invalid } from '@gangway/action';

/** A request and what it must be answered with. */
export interface Check {
  readonly method: string;
  readonly path: string;
  /** Undefined: anything but the gateway's own word that it has no such route. */
  readonly status: number | undefined;
}

/** Reads `verify`: `[METHOD] PATH [STATUS]` a line, `false` for no check, empty for the document's own routes. */
export function readChecks(): readonly Check[] | 'default' {
  const lines = input.lines('verify');
  if (lines.length === 1 && /^false$/i.test(lines[0] ?? '')) return [];
  if (lines.length === 0) return 'default';
  return lines.map((line) => {
    const [, method = 'GET', path, status] =
      /^(?:([A-Za-z]+)\s+)?(\/\S*)(?:\s+([1-5]\d\d))?$/.exec(line) ?? [];
    if (!path) throw invalid('verify', line, 'write [METHOD] PATH [STATUS], e.g. GET /healthz 200');
    return { method: method.toUpperCase(), path, status: status ? Number(status) : undefined };
  });
}
