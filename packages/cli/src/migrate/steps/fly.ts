import type { NewStep, Outcome, Unit } from '../model/outcome.ts';
import { readOptions } from '../shell/options.ts';
import { FLYCTL_DEPLOY } from '../tables/fly.ts';
import type { JobContext } from './context.ts';
import { becomes, stays } from './place.ts';
import { inputsFrom } from './values.ts';
import type { FlySecrets } from './waiting.ts';

/** `flyctl deploy`. @param words after `deploy` */
export function flyDeploy(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const { step } = unit;
  const line = readOptions(words, FLYCTL_DEPLOY);
  if ('why' in line) return stays(`flyctl deploy: ${line.why}`);
  const [folder = '.', ...more] = line.operands;
  if (more.length > 0) return stays('flyctl deploy: it takes one folder');
  const passed = line.options.filter(({ mapping }) => mapping.to === 'flyctl_args');
  const given = inputsFrom(
    { ...line, options: line.options.filter((option) => !passed.includes(option)) },
    context,
  );
  if ('why' in given) return stays(`flyctl deploy: ${given.why}`);
  const inputs = { ...given.inputs };
  const isLocal = line.options.some(({ name }) => name === '--local-only');
  if (!isLocal && inputs.image === undefined) inputs.remote_only ??= 'true';
  if (inputs.image !== undefined) delete inputs.remote_only;
  const path = context.path(folder);
  if (path !== '.') inputs.working_directory = path;
  if (passed.length > 0)
    inputs.flyctl_args = passed
      .map(({ name, value, mapping }) => (mapping.alone ? flag(name, value) : `${name} ${quoted(value)}`))
      .join(' ');
  const app = inputs.app ?? step.env.FLY_APP;
  if (app !== undefined) inputs.app = app;
  const token = step.env.FLY_API_TOKEN ?? step.env.FLY_ACCESS_TOKEN ?? context.flyToken;
  if (token !== undefined) inputs.api_token ??= token;
  else if (inputs.api_token === undefined && context.scope.variable('FLY_API_TOKEN', step) === undefined) {
    const other = context.scope.variable('FLY_ACCESS_TOKEN', step);
    if (other === undefined) return stays('flyctl deploy: nothing sets FLY_API_TOKEN');
    inputs.api_token = other;
  }
  addSecrets(inputs, unit, context);
  const deployed: NewStep = {
    ...(step.name !== undefined && { name: step.name }),
    ...(step.id !== undefined && { id: step.id }),
    action: 'fly-deploy',
    with: ordered(inputs),
    env: {},
    ...(step.condition !== undefined && { condition: step.condition }),
    rest: step.rest,
    notes: [],
    signsIn: false,
  };
  const outcome = becomes([deployed], context);
  for (const secrets of context.flySecrets.splice(0)) {
    if (isOf(secrets, deployed, context)) secrets.unit.outcome = { kind: 'joins', step: deployed };
    else context.flySecrets.push(secrets);
  }
  return outcome;
}

/** `flyctl secrets set` and `unset`: they go with the deploy after them. @param words after `secrets` */
export function flySecrets(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const [verb = '', ...rest] = words;
  if (verb !== 'set' && verb !== 'unset') return stays(`flyctl secrets ${verb}: no input here does it`);
  let app: string | undefined;
  const items: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    const [, inline] = /^(?:--app|-a)=(.*)$/s.exec(word) ?? [];
    if (inline !== undefined) app = inline;
    else if (word === '--app' || word === '-a') {
      at += 1;
      app = rest[at];
    } else if (word === '--stage' || word === '--detach') continue;
    else if (word.startsWith('-')) return stays(`flyctl secrets ${verb}: ${word} is not known here`);
    else items.push(word);
  }
  const known = app ?? unit.step.env.FLY_APP;
  const lines = verb === 'set' ? items.map(secretLine) : [];
  if (lines.some((line) => line === undefined)) return stays('flyctl secrets set: it takes NAME=VALUE');
  context.flySecrets.push({
    unit,
    app: known,
    lines: lines.filter((line) => line !== undefined),
    unset: verb === 'unset' ? items : [],
  });
  return stays(`flyctl secrets ${verb}: no deploy of the app follows, with which its secrets would go`);
}

/** A secret as the input reads it: between `"""`, as its value may have lines of its own. */
export function secretLine(item: string): string | undefined {
  const [, name, value = ''] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(item) ?? [];
  if (name === undefined) return undefined;
  return /\$\{\{|\n|^\s|\s$/.test(value) ? `${name}="""${value}"""` : `${name}=${value}`;
}

function addSecrets(inputs: Record<string, string>, unit: Unit, context: JobContext): void {
  const own = context.flySecrets.filter((one) =>
    isOf(one, { with: inputs, condition: unit.step.condition }, context),
  );
  const lines = own.flatMap(({ lines: some }) => some);
  const unset = own.flatMap(({ unset: some }) => some);
  if (lines.length > 0) inputs.secrets = lines.join('\n');
  if (unset.length > 0) inputs.unset_secrets = unset.join('\n');
}

function isOf(
  { app, unit }: FlySecrets,
  deployed: { readonly with: Readonly<Record<string, string>>; readonly condition?: string | undefined },
  { scope }: JobContext,
): boolean {
  return (
    scope.canonical(app ?? '') === scope.canonical(deployed.with.app ?? '') &&
    unit.step.condition === deployed.condition
  );
}

/** The app, the folder and the token first. */
function ordered(inputs: Readonly<Record<string, string>>): Record<string, string> {
  const first = ['app', 'working_directory', 'config', 'image', 'remote_only'];
  const last = ['secrets', 'unset_secrets', 'api_token'];
  const rank = (name: string): number =>
    first.includes(name) ? first.indexOf(name) - 10 : last.indexOf(name) + 1;
  return Object.fromEntries(Object.entries(inputs).sort(([a], [b]) => rank(a) - rank(b)));
}

function flag(name: string, value: string): string {
  return value === 'true' ? name : `${name}=${value}`;
}

function quoted(value: string): string {
  return /[\s"']/.test(value) ? `'${value}'` : value;
}
