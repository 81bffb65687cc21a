/** What a diagnostic means for a deployment: an error refuses it, a warning is a real loss, a note the rest. */
export type Severity = 'error' | 'warning' | 'note';

/** What a code of the catalogue stands for. */
export interface Entry {
  readonly severity: Severity;
  /** What the code stands for, in the table of docs/openapi.md. */
  readonly meaning: string;
  /** What to do about it: the hint of every diagnostic of this code, unless it has a better one. */
  readonly cure: string;
}

/** Entries by code; the codes stay literal types. */
export type Entries = Readonly<Record<string, Entry>>;

export const error = (meaning: string, cure: string): Entry => ({ severity: 'error', meaning, cure });
export const warning = (meaning: string, cure: string): Entry => ({ severity: 'warning', meaning, cure });
export const note = (meaning: string, cure: string): Entry => ({ severity: 'note', meaning, cure });
