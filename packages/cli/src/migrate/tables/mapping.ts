/**
 * What an input or a flag of another tool is here. One of `to`, `parts`, `left` and `stays` says what becomes of it.
 * `docs/migrating` is made of these tables, and `gangway migrate` follows them.
 */
export interface Mapping {
  /** Its name there: of an input `build-args`, of a flag `--build-arg`. Other spellings stand in `also`. */
  readonly from: string;
  readonly also?: readonly string[];
  /** The input here that takes its value. */
  readonly to?: string;
  /** What its parts become, in words, where it is more than one input. */
  readonly parts?: string;
  /** How its value is written here; as it is where this says nothing. */
  readonly as?: Shape;
  /** Further inputs that go with it. */
  readonly with?: Readonly<Record<string, string>>;
  /** Why nothing takes its place, in words that follow "left out: ". */
  readonly left?: string;
  /** Why a step that has it stays, in words that follow the name. */
  readonly stays?: string;
  /** Values with which it says no more than its absence, so that it is left out. */
  readonly unless?: readonly string[];
  /** Of a flag: whether the next word is no value of its own. */
  readonly alone?: true;
  /** What is otherwise here, though the step is converted. */
  readonly differs?: string;
}

/**
 * - `lines`: one item per line; a flag that is given again adds a line
 * - `pairs`: NAME=VALUE in gcloud's list, separated by commas, to one per line
 * - `list`: separated by commas, to one per line
 * - `true`, `false`: a flag that stands alone
 * - `seconds`: a number, to a time with its unit
 */
type Shape = 'lines' | 'pairs' | 'list' | 'true' | 'false' | 'seconds';

/** Inputs or flags of one tool, and the action that takes its place. */
export interface Table {
  /** As it is called there: `docker/build-push-action`, `gcloud run deploy`. */
  readonly source: string;
  /** Folder of the action here; none where a whole step is left out. */
  readonly action?: string;
  readonly mappings: readonly Mapping[];
  /** Whether it has the inputs of every version: others do nothing there. */
  readonly isComplete?: true;
}

/** The mapping of an input or a flag, by any of its names. */
export function mappingOf(table: Table, name: string): Mapping | undefined {
  return table.mappings.find(({ from, also = [] }) => from === name || also.includes(name));
}
