import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';

/** A step as it is written. Values are texts; what is no scalar is missing. */
export interface Step {
  readonly index: number;
  /** The first line, from 1. */
  readonly line: number;
  /** Where its `-` stands, and where its last character ends. */
  readonly from: number;
  readonly to: number;
  /** Column of the `-`. */
  readonly indent: number;
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  /** Line of the script's first line. */
  readonly runLine: number;
  readonly condition?: string;
  readonly shell?: string;
  readonly folder?: string;
  readonly with: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Keys that are handed on to what takes the step's place, such as `continue-on-error`. */
  readonly rest: Readonly<Record<string, string>>;
  /** Why it can't be taken apart, such as an alias. */
  readonly odd?: string;
}

export interface Job {
  readonly id: string;
  readonly line: number;
  /** Where the job's text is. */
  readonly from: number;
  readonly to: number;
  readonly env: Readonly<Record<string, string>>;
  readonly folder?: string;
  readonly shell?: string;
  readonly steps: readonly Step[];
  readonly keys: readonly string[];
  readonly map: YAMLMap;
  /** Why its steps can't be changed. */
  readonly odd?: string;
}

export interface WorkflowText {
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: readonly Job[];
  readonly map: YAMLMap;
  readonly lineOf: (offset: number) => number;
}

/** Keys of a step that are read; others are handed on. */
const READ = new Set(['name', 'id', 'uses', 'run', 'if', 'shell', 'working-directory', 'with', 'env']);

/**
 * Reads a workflow so that each step is known with its place in the text.
 *
 * @param text with \n at the ends of lines
 * @returns undefined where it has no jobs, or is no YAML
 */
export function readWorkflow(text: string): WorkflowText | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const map = document.contents;
  if (document.errors.length > 0 || !isMap(map)) return undefined;
  const jobs = map.get('jobs');
  if (!isMap(jobs)) return undefined;
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  const folder = folderIn(map);
  const shell = shellIn(map);
  return {
    text,
    env: textsIn(map.get('env')),
    map,
    lineOf,
    jobs: jobs.items.flatMap((pair) => jobOf(pair as Pair, { text, folder, shell, lineOf })),
  };
}

interface Place {
  readonly text: string;
  readonly folder: string | undefined;
  readonly shell: string | undefined;
  readonly lineOf: (offset: number) => number;
}

function jobOf({ key, value }: Pair, place: Place): Job[] {
  if (!isMap(value) || !isScalar(key)) return [];
  const steps = value.get('steps', true);
  const folder = folderIn(value) ?? place.folder;
  const shell = shellIn(value) ?? place.shell;
  const listed = isSeq(steps) ? steps.items : [];
  const odd = !isSeq(steps)
    ? undefined
    : steps.flow
      ? 'its steps are written on one line, in brackets'
      : listed.some((item) => !isMap(item))
        ? 'a step of it is an alias'
        : undefined;
  return [
    {
      id: String(key.value),
      line: place.lineOf(key.range?.[0] ?? 0),
      from: key.range?.[0] ?? 0,
      to: value.range?.[2] ?? 0,
      env: textsIn(value.get('env')),
      ...(folder !== undefined && { folder }),
      ...(shell !== undefined && { shell }),
      keys: value.items.map((pair) => String((pair.key as Scalar).value)),
      map: value,
      steps: odd ? [] : listed.map((item, index) => stepOf(item as YAMLMap, index, place)),
      ...(odd !== undefined && { odd }),
    },
  ];
}

function stepOf(map: YAMLMap, index: number, { text, lineOf }: Place): Step {
  const [start = 0, end = 0] = map.range ?? [];
  const dash = dashBefore(text, start);
  const from = dash ?? start;
  const indent = from - (text.lastIndexOf('\n', from) + 1);
  const texts = textsIn(map);
  const script = map.get('run', true) as Scalar | undefined;
  const rest = Object.fromEntries(Object.entries(texts).filter(([key]) => !READ.has(key)));
  const odd = map.flow
    ? 'it is written on one line, in braces'
    : dash === undefined
      ? 'something stands between its dash and its first line'
      : map.items.some(({ value }) => value !== null && !isScalar(value) && !isMap(value))
        ? 'it has an alias or a list where none is expected'
        : undefined;
  return {
    index,
    line: lineOf(from),
    from,
    to: from + ownTextOf(text.slice(from, end), indent).length,
    indent,
    runLine: script?.range
      ? lineOf(script.range[0]) + (/^[|>]/.test(text[script.range[0]] ?? '') ? 1 : 0)
      : 0,
    with: textsIn(map.get('with')),
    env: textsIn(map.get('env')),
    rest,
    ...given('name', texts.name),
    ...given('id', texts.id),
    ...given('uses', texts.uses),
    ...given('run', texts.run),
    ...given('condition', texts.if === '' ? undefined : texts.if),
    ...given('shell', texts.shell),
    ...given('folder', texts['working-directory']),
    ...given('odd', odd),
  };
}

/** The text of an item without comments that stand as far left as its dash: they are about what follows. */
function ownTextOf(text: string, indent: number): string {
  const lines = text.trimEnd().split('\n');
  const isOthers = (line: string): boolean => /^\s*(#|$)/.test(line) && line.search(/\S|$/) <= indent;
  while (lines.length > 1 && isOthers(lines.at(-1) ?? '')) lines.pop();
  return lines.join('\n').trimEnd();
}

/** Where the dash of an item stands; undefined where more than white space is between it and the item. */
function dashBefore(text: string, start: number): number | undefined {
  const before = text.slice(0, start).trimEnd();
  return /(^|\s)-$/.test(before) ? before.length - 1 : undefined;
}

function given<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, string>);
}

/** The scalars of a mapping, as texts: `0` stays `0`, `1.10` stays `1.10`. */
function textsIn(map: unknown): Record<string, string> {
  if (!isMap(map)) return {};
  return Object.fromEntries(
    map.items.flatMap(({ key, value }) =>
      isScalar(key) && isScalar(value) ? [[String(key.value), textOf(value)]] : [],
    ),
  );
}

function textOf(scalar: Scalar): string {
  if (scalar.value === null) return '';
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
}

function folderIn(map: YAMLMap): string | undefined {
  return map.getIn(['defaults', 'run', 'working-directory']) as string | undefined;
}

function shellIn(map: YAMLMap): string | undefined {
  return map.getIn(['defaults', 'run', 'shell']) as string | undefined;
}
