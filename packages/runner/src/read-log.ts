import type { Command } from './command.ts';
import { type Annotation, LogReader } from './log-reader.ts';
import { Masks } from './masks.ts';

/** What GitHub's runner makes of an output. */
export interface ReadLog {
  /** As a person sees it. */
  readonly lines: readonly string[];
  readonly annotations: readonly Annotation[];
  /** Those that were carried out. */
  readonly commands: readonly Command[];
  /** Every value that was masked, as it was given. */
  readonly masks: readonly string[];
}

/** Reads an output as GitHub's runner does; lone surrogates are what UTF-8 makes of them. */
export function readLog(output: string): ReadLog {
  const masks = new Masks();
  const reader = new LogReader(masks, () => {});
  const lines = output.toWellFormed().split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) reader.read(line);
  return {
    lines: reader.lines,
    annotations: reader.annotations,
    commands: reader.commands,
    masks: masks.values,
  };
}
