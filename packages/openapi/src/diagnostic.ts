import { type Code, catalogue, type Severity } from './catalogue/catalogue.ts';
import type { Place } from './place.ts';

/** Something a person should know about a document, at a place in the file they wrote. */
export interface Diagnostic {
  /** A stable word of the catalogue, such as `jwt-not-mapped`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** A JSON pointer (RFC 6901) into the file. */
  readonly pointer: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** A diagnostic before its line is known. */
export interface Finding {
  readonly code: Code;
  readonly place: Place;
  readonly message: string;
  readonly hint: string;
}

/** Says something about a place; the hint defaults to the cure of the catalogue. */
export type Report = (code: Code, place: Place, message: string, hint?: string) => void;

/** Collects findings; what is said twice (a shared parameter, say) is kept once. */
export function collector(): { readonly report: Report; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const report: Report = (code, place, message, hint = catalogue[code].cure) => {
    const key = `${code} ${place} ${message}`;
    if (seen.has(key)) return;
    seen.add(key);
    findings.push({ code, place, message, hint });
  };
  return { report, findings };
}

/** Names as a sentence lists them, the first ten of many. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
