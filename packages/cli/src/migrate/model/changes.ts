import type { JobContext } from '../steps/context.ts';
import type { Unit } from './outcome.ts';
import { lineOf } from './unit.ts';

/** What became of one thing in a workflow, for a person. */
export interface Change {
  readonly job: string;
  /** Line in the old text, from 1. */
  readonly line: number;
  readonly kind: 'becomes' | 'left' | 'stays' | 'note';
  /** The step or the command. */
  readonly what: string;
  /** The action that takes its place, or the reason. */
  readonly how: string;
}

/** What became of the steps of a job: nothing is said of those that have nothing to do with deploying. */
export function changesOf({ job, units }: JobContext): Change[] {
  const changes = units.flatMap((unit): Change[] => {
    const { outcome } = unit;
    const place = { job: job.id, line: lineOf(unit), what: whatOf(unit) };
    switch (outcome.kind) {
      case 'becomes':
        return outcome.steps.flatMap((step) => [
          { ...place, kind: 'becomes', how: step.action },
          ...step.notes.map((how): Change => ({ ...place, kind: 'note', what: step.action, how })),
        ]);
      case 'joins':
        return [{ ...place, kind: 'becomes', how: outcome.step.action }];
      case 'left':
        return [{ ...place, kind: 'left', how: outcome.why }];
      default:
        if (outcome.text !== undefined)
          return [{ ...place, kind: 'note', how: 'The URL is read from the step that deploys.' }];
        return outcome.why === undefined ? [] : [{ ...place, kind: 'stays', how: outcome.why }];
    }
  });
  return job.odd === undefined
    ? changes
    : [...changes, { job: job.id, line: job.line, kind: 'stays', what: `job ${job.id}`, how: job.odd }];
}

function whatOf({ step, part }: Unit): string {
  if (!part) return (step.uses ?? step.name ?? 'a step').replace(/@.*/, '');
  const words = part.text.replace(/\s*\\?\n[\s\S]*/, '').split(/\s+/);
  const plain = words.filter((word, at) => at < 3 && /^[\w./-]+$/.test(word) && !word.startsWith('-'));
  return plain.length > 0 && at0(words) ? plain.join(' ') : (words[0] ?? '').replace(/=.*/, '=…');
}

/** Whether the first word is a plain one: what follows an assignment may be a secret. */
function at0(words: readonly string[]): boolean {
  return /^[\w./-]+$/.test(words[0] ?? '');
}
