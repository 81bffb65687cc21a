import type { Position } from './positions.ts';

/** Why a text could not be read. */
export interface ParseFailure {
  readonly code: 'syntax' | 'too-large' | 'too-deep' | 'forbidden-key' | 'duplicate-key' | 'too-many-aliases';
  readonly message: string;
  readonly position?: Position;
}
