import { summary as core } from '@actions/core';
import { log } from './log.ts';
import { systemError } from './system-error.ts';

/** One row of a step's summary: what it is about and how it is now. */
export type Fact = readonly [name: string, value: string];

export interface StepSummary {
  /** e.g. `Cloud Run service hello`. */
  readonly title: string;
  /** One sentence: what changed, or that nothing did. */
  readonly lead: string;
  readonly facts: readonly Fact[];
  /** The parts of the work and how long each took, in milliseconds. */
  readonly parts: readonly { readonly name: string; readonly milliseconds: number }[];
  /** Further Markdown, below the table. */
  readonly details?: string;
}

/**
 * Writes a step's summary in Markdown; where the runner gives no file for it, does nothing. One that can't be written is
 * a warning: nothing depends on it, and the step has done its work.
 */
export async function writeSummary(summary: StepSummary): Promise<void> {
  const { GITHUB_STEP_SUMMARY: path } = process.env;
  if (!path) return;
  await core
    .addRaw(markdown(summary))
    .write()
    .catch((error: unknown) => {
      const why = systemError(error)?.message ?? (error instanceof Error ? error.message : String(error));
      log.warning(`The summary of this step can't be written to ${path} (GITHUB_STEP_SUMMARY). ${why}`);
    });
}

/** The Markdown of a summary. */
function markdown({ title, lead, facts, parts, details }: StepSummary): string {
  const rows = facts.map(([name, value]) => `| ${name} | ${cell(value)} |`);
  const total = parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const times = parts.map(({ name, milliseconds }) => `${name} ${seconds(milliseconds)}`).join(' · ');
  return [
    `### ${title}`,
    '',
    lead,
    '',
    ...(rows.length > 0 ? ['| | |', '|---|---|', ...rows, ''] : []),
    ...(details ? [details.trim(), ''] : []),
    ...(parts.length > 0 ? [`<sub>${seconds(total)} in all: ${times}</sub>`, ''] : []),
    '',
  ].join('\n');
}

/** Milliseconds as people read them: `0.4 s`, `12 s`, `3 min 5 s`. */
export function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 100) return `${Math.round(value)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A table cell may hold neither line breaks nor bare pipes. */
function cell(value: string): string {
  return value.replaceAll('|', '\\|').replace(/\r?\n/g, '<br>');
}
