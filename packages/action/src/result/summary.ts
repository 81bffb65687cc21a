import { statSync } from 'node:fs';
import { summary as core } from '@actions/core';
import { blocks, type Content, fitted, joined, type Markdown, md, table } from '@gangway/markdown';
import { log } from '../log/log.ts';
import { systemError } from '../system-error.ts';

/**
 * Bytes that GitHub shows of a step's summary.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 */
const LIMIT = 1024 * 1024 - 16;
const TOO_LONG = md`_The rest is left out: GitHub shows at most 1 MiB._`;

/** One row of a step's summary: what it is about and how it is now. */
export type Fact = readonly [name: Content, value: Content];

/** What a step tells of its work. A string is shown as it is: nothing in it can be Markdown. */
export interface StepSummary {
  /** e.g. `Cloud Run service hello`. */
  readonly title: Content;
  /** One sentence: what changed, or that nothing did. */
  readonly lead: Content;
  readonly facts: readonly Fact[];
  /** The parts of the work and how long each took, in milliseconds. */
  readonly parts: readonly { readonly name: string; readonly milliseconds: number }[];
  /** Below the table. */
  readonly details?: Markdown;
}

/**
 * Writes a step's summary in Markdown; where the runner gives no file for it, does nothing. One that can't be written is
 * a warning: nothing depends on it, and the step has done its work.
 */
export async function writeSummary(summary: StepSummary): Promise<void> {
  const { GITHUB_STEP_SUMMARY: path } = process.env;
  if (!path) return;
  try {
    // One that is a pipe would hold the step until somebody reads it.
    if (!statSync(path).isFile()) throw new Error('It is not a regular file.');
    await core.addRaw(markdown(summary)).write();
  } catch (error) {
    const why = systemError(error)?.message ?? (error instanceof Error ? error.message : String(error));
    log.warning(`The summary of this step can't be written to ${path} (GITHUB_STEP_SUMMARY). ${why}`);
  }
}

/** The Markdown of a summary. */
function markdown({ title, lead, facts, parts, details = md`` }: StepSummary): string {
  const total = parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const times = parts.map(({ name, milliseconds }) => md`${name} ${seconds(milliseconds)}`);
  const whole = blocks(
    md`### ${title}`,
    lead,
    facts.length > 0 ? table(['', ''], facts) : '',
    details,
    parts.length > 0 ? md`<sub>${seconds(total)} in all: ${joined(times, ' · ')}</sub>` : '',
  );
  return `${fitted(whole, LIMIT, TOO_LONG)}\n\n`;
}

/** Milliseconds as people read them: `0.4 s`, `12 s`, `3 min 5 s`. */
export function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 100) return `${Math.round(value)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
