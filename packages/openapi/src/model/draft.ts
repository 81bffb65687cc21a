import type { JsonObject } from '../json.ts';
import type { Place } from '../place.ts';
import type { Parameter } from './routes/parameter.ts';
import type { Template } from './routes/template.ts';

/** An operation before it has its name, its security and its backend. */
export interface Draft {
  readonly method: string;
  readonly path: string;
  readonly template: Template;
  readonly operation: JsonObject;
  readonly place: Place;
  readonly parameters: readonly Parameter[];
  /** The path item that the operation stands in. */
  readonly item: Item;
  /** Ours, and open to everybody. */
  readonly open: boolean;
}

/** An object and its place. */
export interface Item {
  readonly object: JsonObject;
  readonly place: Place;
}
