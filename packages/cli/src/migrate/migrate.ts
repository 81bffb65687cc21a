import { convertJob } from './job/convert.ts';
import { type Edit, edited, editsOf } from './job/render.ts';
import { type Change, changesOf } from './model/changes.ts';
import { readWorkflow } from './model/workflow.ts';
import type { Files } from './steps/context.ts';

/** What became of a workflow. */
export interface Migration {
  /** The new text, or the old one where nothing changes. */
  readonly text: string;
  readonly changes: readonly Change[];
  /** Actions of ours that the new text has and the old one had not. */
  readonly actions: readonly string[];
}

/**
 * Rewrites the steps of a workflow that actions of ours can do. Everything else stays byte for byte.
 *
 * @param text of the workflow; it has to parse
 */
export function migrate(text: string, files: Files): Migration {
  const isWindows = text.includes('\r\n') && !/[^\r]\n/.test(text);
  const plain = isWindows ? text.replaceAll('\r\n', '\n') : text;
  const workflow = readWorkflow(plain);
  if (!workflow) return { text, changes: [], actions: [] };
  const jobs = workflow.jobs.map((job) => convertJob(workflow, job, files));
  const edits: Edit[] = jobs.flatMap(editsOf);
  const changes = jobs.flatMap(changesOf);
  const actions = [...new Set(jobs.flatMap(({ added }) => added.map(({ action }) => action)))];
  if (edits.length === 0) return { text, changes, actions };
  const result = edited(plain, edits);
  return { text: isWindows ? result.replaceAll('\n', '\r\n') : result, changes, actions };
}
