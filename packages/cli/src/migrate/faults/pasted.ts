import type { Step } from '../model/workflow.ts';
import type { Fault } from './fault.ts';

/** Expressions of what somebody else may write, such as a pull request's title or a branch's name. */
const FOREIGN =
  /\$\{\{[^}]*\b(github\.event\.(?!(?:number|pull_request\.number|repository\.|action\b|inputs\.))[\w.]+|github\.(head_ref|ref_name|actor)|inputs\.\w+|github\.event\.inputs\.\w+)[^}]*\}\}/;

/** What GitHub pastes into shell scripts before the shell reads them. */
export function pastedIn(steps: readonly Step[]): Fault[] {
  return [
    {
      what: 'a secret pasted into a shell script',
      advice: 'A quote or a $ in it is read by the shell: put it into env of the step, and write "$NAME".',
      lines: linesOf(steps, /\$\{\{[^}]*\bsecrets\.\w+[^}]*\}\}/),
    },
    {
      what: 'what others may write pasted into a shell script',
      advice: 'A branch name or an input can hold commands: put it into env of the step, and write "$NAME".',
      lines: linesOf(steps, FOREIGN),
    },
  ];
}

function linesOf(steps: readonly Step[], pattern: RegExp): number[] {
  return steps.flatMap(({ run = '', runLine }) =>
    run.split('\n').flatMap((line, at) => (pattern.test(line) ? [runLine + at] : [])),
  );
}
