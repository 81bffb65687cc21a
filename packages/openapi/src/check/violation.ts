/** A rule of Google's importer that an emitted document breaks. */
export interface Violation {
  /** The rule, a stable word. */
  readonly rule: string;
  readonly message: string;
  /** A JSON pointer into the emitted document. */
  readonly pointer: string;
}

/** Says that a rule is broken at a place (`#/…`). */
export type Violate = (rule: string, place: string, message: string) => void;

/** Runs a check, collecting what it says. */
export function violationsOf(check: (violate: Violate) => void): readonly Violation[] {
  const violations: Violation[] = [];
  check((rule, place, message) => violations.push({ rule, message, pointer: place.slice(1) }));
  return violations;
}
