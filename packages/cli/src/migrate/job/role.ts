import type { Unit } from '../model/outcome.ts';
import { textOf } from '../model/unit.ts';
import { programsIn } from '../shell/programs.ts';
import { targetOf } from '../shell/writes.ts';
import type { JobContext } from '../steps/context.ts';

/** Programs that only find something out. */
const READS =
  /^(git|date|echo|printf|cat|jq|yq|cut|head|tail|tr|sed|grep|awk|basename|dirname|pwd|wc|sort|true|export|readonly|set|cd|shopt|umask|hostname|uname|whoami)$/;

/**
 * - `sets`: a variable, an option or the folder, for parts after it
 * - `tells`: a person something
 * - `works`: anything else
 */
export type Role = 'sets' | 'tells' | 'works';

/** What a part of a script is for. */
export function roleOf(unit: Unit): Role {
  const [only, ...more] = unit.part?.commands ?? [];
  if (!only || more.length > 0 || !onlyReads(textOf(unit))) return 'works';
  const name = only.name?.value;
  if (name === undefined) return only.redirects.length > 0 ? 'works' : 'sets';
  if (/^(export|readonly|set|cd|shopt|umask)$/.test(name)) return 'sets';
  return /^(echo|printf)$/.test(name) && targetOf(only) === undefined ? 'tells' : 'works';
}

/** The variable that a part sets. */
export function nameSetBy(unit: Unit): string | undefined {
  return /^(?:(?:export|readonly)\s+)?([A-Za-z_]\w*)\+?=/.exec(textOf(unit))?.[1];
}

/** Whether programs that a script runs see a variable: it is exported, or in the environment before. */
export function isSeen(name: string, text: string, { scope }: JobContext, { step }: Unit): boolean {
  if (name === 'PATH' || scope.variable(name, step) !== undefined) return true;
  return new RegExp(`\\b(export|declare -x)\\b[^\\n]*\\b${name}\\b|\\bset -a\\b`).test(text);
}

/** Whether a text reads a variable of the shell. */
export function readsVariable(text: string, name: string): boolean {
  return new RegExp(`\\$\\{?[#!]?${name}\\b`).test(text);
}

/** Parts that stay, one after the other, with nothing of ours between them. */
export function segmentsOf(units: readonly Unit[]): Unit[][] {
  const segments: Unit[][] = [[]];
  for (const unit of units) {
    if (unit.outcome.kind === 'stays') segments.at(-1)?.push(unit);
    else if (unit.outcome.kind === 'becomes') segments.push([]);
  }
  return segments;
}

/** Whether all that a text runs only finds something out. */
function onlyReads(text: string): boolean {
  return programsIn(text).every(
    ({ name, words }) =>
      READS.test(name) ||
      (name === 'gcloud' &&
        /\b(describe|list|get-value|print-(access|identity)-token|config get)\b/.test(words.join(' '))) ||
      (/^(flyctl|fly)$/.test(name) && /^(status|version|info)\b/.test(words.join(' '))),
  );
}
