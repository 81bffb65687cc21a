import { parse, stringify } from 'yaml';
import type { JsonObject } from '../json.ts';

/**
 * An emitted document as YAML that readers of YAML 1.1 (Google's importer) and of 1.2 take for the same: `on`, `1:30` and
 * `0o17` are quoted. No aliases, of which Google takes 200 nodes at most, and no folded lines.
 */
export function toYaml(document: JsonObject): string {
  const options = { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 } as const;
  const plain = stringify(document, options);
  if (JSON.stringify(parse(plain)) === JSON.stringify(document)) return plain;
  return stringify(document, { ...options, defaultStringType: 'QUOTE_DOUBLE' });
}
