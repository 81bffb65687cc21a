import { ActionError } from './error.ts';
import { log } from './log/log.ts';
import { distance } from './words/distance.ts';

/** What to do in place of an input that another action has and this one has not. */
export interface Refused {
  /** What to write instead; it may look at the value, of which it must quote nothing that could be a secret. */
  readonly cure: string | ((value: string) => string);
  /** Values with which the other action does what this one does anyway: they are taken without a word. */
  readonly same?: readonly string[];
}

/**
 * Looks for inputs that action.yml does not declare. The runner warns of them and passes them on as `INPUT_*` all the
 * same, so a step would go on without what its user asked for. One that another action has, and one that is spelt almost
 * as an input here, is an error; any other is a warning. A variable of the job's environment may have such a name and can't be told apart.
 * act passes the inputs of a composite action on to its steps, so that under act all are warnings.
 *
 * @param declared names of the inputs of action.yml
 * @param refused inputs of other actions, by name in lower case
 * @throws ActionError `input-unknown` that says what to write in place
 */
export function refuseUnknown(
  declared: readonly string[],
  refused: Readonly<Record<string, Refused>> = {},
): void {
  const known = new Set(declared.map((name) => name.toUpperCase()));
  for (const [variable, text] of Object.entries(process.env)) {
    const value = text?.trim() ?? '';
    const name = variable.replace(/^INPUT_/, '');
    if (name === variable || name === '' || value === '' || known.has(name)) continue;
    const other = Object.hasOwn(refused, name.toLowerCase()) ? refused[name.toLowerCase()] : undefined;
    if (other?.same?.includes(value.toLowerCase())) continue;
    const shown = name.toLowerCase();
    const nearest = nearestOf(shown, declared);
    const cure = other
      ? cureOf(other, value)
      : nearest.near
        ? `write ${nearest.name} in place of ${shown}`
        : undefined;
    if (cure === undefined || process.env.ACT === 'true')
      log.warning(
        `This action has no input "${shown}", so it has no effect.${cure ? ` To fix it: ${cure}.` : ''}`,
      );
    else
      throw new ActionError(`This action has no input "${shown}".`, {
        code: 'input-unknown',
        hint: `${cure}; if ${variable} is a variable of your own under "env:", give it another name`,
      });
  }
}

function cureOf({ cure }: Refused, value: string): string {
  return typeof cure === 'string' ? cure : cure(value);
}

/** The declared name that is spelt most alike, and whether it must be the one that is meant. */
function nearestOf(name: string, declared: readonly string[]): { name: string; near: boolean } {
  const [best] = declared
    .map((candidate) => ({ candidate, steps: distance(bare(candidate), bare(name)) }))
    .sort((one, other) => one.steps - other.steps);
  const near = best !== undefined && best.steps <= (name.length < 6 ? 1 : 2);
  return { name: best?.candidate ?? '', near };
}

/** `build-args`, `buildArgs` and `build_args` are one name. */
function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
