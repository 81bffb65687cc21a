import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Reach, SIGN_IN, SIGN_IN_SECRET, WORDS } from './reach.ts';

/** An input of an action as a workflow has it. */
export interface PassedInput {
  /** The action's name of it. */
  readonly name: string;
  /** The workflow's. */
  readonly called: string;
  readonly description: string;
  readonly required: boolean;
  readonly type: 'string' | 'boolean';
  readonly default: string;
}

interface ActionFile {
  inputs: Record<string, { description: string; required?: boolean; default?: string }>;
}

/** The inputs of an action that a workflow declares, in the order of its action.yml; those to sign in are left out. */
export function declaredInputs(root: string, action: string, reach: Reach): PassedInput[] {
  const skipped = [...SIGN_IN, SIGN_IN_SECRET, ...(reach.own ?? []), ...Object.keys(reach.leftOut ?? {})];
  return readInputs(root, action, reach).filter(({ name }) => !skipped.includes(name));
}

/** The inputs by which an action signs in to Google. */
export function signInInputs(root: string, action: string): PassedInput[] {
  return readInputs(root, action, {}).filter(({ name }) => SIGN_IN.includes(name));
}

function readInputs(root: string, action: string, { renamed, defaults, byHand }: Reach): PassedInput[] {
  const file = join(root, 'actions', action, 'action.yml');
  const { inputs } = parse(readFileSync(file, 'utf8')) as ActionFile;
  return Object.entries(inputs).map(([name, { description, required, default: own }]) => {
    const value = defaults?.[name] ?? own ?? '';
    return {
      name,
      called: renamed?.[name] ?? name,
      description,
      // What the workflow puts together has something to fall back on.
      required: (required ?? false) && !byHand?.includes(name),
      type: /^(true|false)$/.test(value) && !WORDS.includes(name) ? 'boolean' : 'string',
      default: value,
    };
  });
}

/**
 * How a workflow passes an input on. What is empty unless the caller sets it can also come from a variable, such as
 * one of the job's environment: the caller can't read that, since its own job has no environment.
 */
export function expressionOf({
  called,
  type,
  default: value,
}: Pick<PassedInput, 'called' | 'type' | 'default'>) {
  const variable = type === 'string' && value === '' ? ` || vars.${variableOf(called)}` : '';
  return `\${{ inputs.${called}${variable} }}`;
}

/** The variable that stands in for an input. */
function variableOf(called: string): string {
  return `GANGWAY_${called.toUpperCase()}`;
}
