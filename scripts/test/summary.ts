import { relative } from 'node:path';
import { type NeedName, need } from './needs.ts';
import type { Outcome } from './preparation.ts';
import type { Selection } from './selection.ts';

/** How one test file went. */
export interface FileResult {
  /** From the root of the repository. */
  readonly file: string;
  readonly milliseconds: number;
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that failed; empty where the file itself did. */
  readonly failures: readonly string[];
  readonly skipped: number;
  /** Names of the tests that failed at first and passed then. */
  readonly retried: readonly string[];
}

/** What is said in the end, a line each; the last has the counts. */
export function summaryOf(
  results: readonly FileResult[],
  root: string,
  selection: Selection,
  settled: ReadonlyMap<NeedName, Outcome>,
): string[] {
  return [
    ...slowest(results),
    ...results.flatMap(failures),
    ...results.flatMap(({ file, retried }) => retried.map((name) => `Took a second try: ${file} > ${name}`)),
    ...prepared(settled),
    ...[...settled].flatMap(([name, { environment, missing }]) =>
      environment ? [] : [`Not there: ${need(name).what}: ${missing}`],
    ),
    ...leftToFull(selection, root),
    counts(results),
  ];
}

function slowest(results: readonly FileResult[]): string[] {
  const ten = results.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 10);
  if (results.length <= 1) return [];
  return ['The slowest files:', ...ten.map(({ file, milliseconds }) => `${seconds(milliseconds)}  ${file}`)];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(7)} s`;
}

/** They may have scrolled away. */
function failures({ file, failed, failures: names }: FileResult): string[] {
  if (names.length > 0) return names.map((name) => `Failed: ${file} > ${name}`);
  return failed > 0 ? [`Failed: ${file}`] : [];
}

/** What took its time. */
function prepared(settled: ReadonlyMap<NeedName, Outcome>): string[] {
  const took = [...settled].filter(([, outcome]) => outcome.environment && outcome.seconds >= 1);
  if (took.length === 0) return [];
  const each = took.map(([name, outcome]) => `${need(name).what} in ${outcome.seconds.toFixed(0)} s`);
  return [`Prepared: ${each.join(', ')}`];
}

function leftToFull({ run, left }: Selection, root: string): string[] {
  const parts = run.filter(({ without }) => without.size > 0);
  const lacking = [...[...left.values()].flat(), ...parts.flatMap(({ without }) => [...without])];
  const tools = [...new Set(lacking)].map((name) => need(name).what).join(', ');
  const name = (file: string) => relative(root, file);
  const slow = [...left].filter(([, names]) => names.length === 0).map(([file]) => name(file));
  const files = [
    ...[...left].filter(([, names]) => names.length > 0).map(([file]) => name(file)),
    ...parts.map(({ file }) => `parts of ${name(file)}`),
  ];
  return [
    ...(files.length > 0
      ? [`Left to npm run test:full, which gets or builds ${tools}: ${files.join(', ')}`]
      : []),
    ...(slow.length > 0 ? [`Left to npm run test:full, since they take minutes: ${slow.join(', ')}`] : []),
  ];
}

function counts(results: readonly FileResult[]): string {
  const sum = (count: (result: FileResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  return `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed, ${sum(({ skipped }) => skipped)} skipped`;
}
