import { type Outcome, STAYS, type Unit } from '../model/outcome.ts';
import type { Step } from '../model/workflow.ts';
import { mappingOf, type Table } from '../tables/mapping.ts';
import { AUTH, LOGIN, SETUP_GCLOUD } from '../tables/sign-in.ts';
import type { JobContext } from './context.ts';
import type { Credentials } from './waiting.ts';

const SIGNED_IN = 'each step signs in by itself';
const NO_GCLOUD = 'no step needs gcloud';

/**
 * A step of google-github-actions/auth, or of setup-gcloud, which signed in itself once. Whether it goes is only known once all steps are
 * read: it stays where one of those that stay may need it.
 */
export function signIn(unit: Unit, context: JobContext): Outcome {
  const { step } = unit;
  const isAuth = /^google-github-actions\/auth@/.test(step.uses ?? '');
  const read = inputsOf(step, isAuth ? AUTH : SETUP_GCLOUD);
  const { project_id: project, ...inputs } = read.inputs;
  const signsIn = isAuth || inputs.credentials_json !== undefined;
  if (!isAuth && project !== undefined) context.project = project;
  if (!signsIn)
    return read.stays === undefined ? { kind: 'left', why: NO_GCLOUD } : { kind: 'stays', why: read.stays };
  const isFound = isAuth
    ? step.with.create_credentials_file !== 'false' && step.with.export_environment_variables !== 'false'
    : step.with.export_default_credentials === 'true';
  const judged = context.isJudged(step) ? 'another step looks at how it ended' : undefined;
  const stays = read.stays ?? step.odd ?? judged;
  const signsInHere: Credentials = {
    unit,
    inputs: { ...(isAuth && project !== undefined && { project_id: project }), ...inputs },
    ...(project !== undefined && { project }),
    isFound,
    ...(isAuth && step.id !== undefined && { id: step.id }),
    ...(stays !== undefined && { stays }),
  };
  context.signIns.push(signsInHere);
  return { kind: 'left', why: SIGNED_IN };
}

/** A step of docker/login-action: for a registry of Google's it goes, and its key is what later steps sign in with. */
export function logIn(unit: Unit, context: JobContext): Outcome {
  const { step } = unit;
  const registry = context.scope.canonical(step.with.registry ?? '');
  if (!/-docker\.pkg\.dev|(^|\.|\/)gcr\.io/.test(registry)) return STAYS;
  const { stays } = inputsOf(step, LOGIN);
  if (stays !== undefined) {
    return { kind: 'stays', why: stays };
  }
  const { username = '', password } = step.with;
  if (/^_json_key(_base64)?$/.test(username) && password !== undefined) keyOf(unit, password, context);
  return { kind: 'left', why: 'build-and-push signs in to the registry of its image' };
}

/** Notes a key that a step signs in with, for those after it. */
export function keyOf(unit: Unit, key: string, context: JobContext): void {
  if (context.signIns.length > 0) return;
  context.signIns.push({ unit, inputs: { credentials_json: key }, isFound: false });
}

/** The inputs of a step here that say what the inputs of one there say, and why it stays where one says something else. */
export function inputsOf(
  { with: given, odd }: Pick<Step, 'with' | 'odd'>,
  table: Table,
): { readonly inputs: Record<string, string>; readonly stays?: string; readonly unknown: readonly string[] } {
  const inputs: Record<string, string> = {};
  const unknown: string[] = [];
  if (odd !== undefined) return { inputs, stays: odd, unknown };
  for (const [name, value] of Object.entries(given)) {
    const mapping = mappingOf(table, name);
    if (!mapping && table.isComplete) {
      unknown.push(name);
      continue;
    }
    if (!mapping)
      return { inputs, stays: `"${name}" is no input of ${table.source} that is known here`, unknown };
    if (value === '' || mapping.unless?.includes(value)) continue;
    if (mapping.stays !== undefined) return { inputs, stays: `"${name}" ${mapping.stays}`, unknown };
    if (mapping.to !== undefined) inputs[mapping.to] = value;
  }
  return { inputs, unknown };
}
