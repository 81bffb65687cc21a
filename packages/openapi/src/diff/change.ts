/** One thing that is not as it was. */
export interface Change {
  /** In words for a person: `security: open → api-key`. */
  readonly text: string;
  /** Whether a caller who did everything right before may fail now. */
  readonly breaking: boolean;
  /** A JSON pointer into the emitted document: that of after, or of before where something is gone. */
  readonly pointer: string;
}

/** Says that something changed at a place (`#/…`). */
export type Say = (place: string, text: string, breaking: boolean) => void;
