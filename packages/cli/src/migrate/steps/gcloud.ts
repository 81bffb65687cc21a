import type { NewStep, Outcome, Unit } from '../model/outcome.ts';
import { readOptions } from '../shell/options.ts';
import { SERVICES_ENABLE } from '../tables/api-gateway.ts';
import { buildsSubmit } from './build.ts';
import { gcloudRun } from './cloud-run.ts';
import type { JobContext } from './context.ts';
import { apiGateway } from './gateway.ts';
import { becomes, stays } from './place.ts';
import { keyOf } from './sign-in.ts';
import { inputsFrom } from './values.ts';

/** One command of gcloud. @param given words after `gcloud` */
export function gcloud(unit: Unit, given: readonly string[], context: JobContext): Outcome {
  const words = commandFirst(given);
  const [group = '', verb = '', ...rest] = words;
  const command = `${group} ${verb}`;
  if (group === 'run') return gcloudRun(unit, words.slice(1), context);
  if (command === 'builds submit') return buildsSubmit(unit, rest, context);
  if (group === 'api-gateway') return apiGateway(unit, words.slice(1), context);
  if (command === 'services enable') return enable(unit, rest, context);
  if (command === 'auth configure-docker') {
    return {
      kind: 'left',
      why: 'build-and-push signs in to the registry of its image',
      for: 'docker',
    };
  }
  if (command === 'auth activate-service-account') return activate(unit, rest, context);
  if (command === 'config set') return configure(rest, context);
  if (group === 'components' || /^(info|version|--version)$/.test(group)) {
    return { kind: 'left', why: 'no step needs gcloud', for: 'gcloud' };
  }
  if (command === 'artifacts repositories' && rest[0] === 'create') {
    return { kind: 'left', why: 'build-and-push creates the repository', for: 'repository' };
  }
  return stays(
    `gcloud ${[group, verb, rest[0] ?? ''].filter((word) => /^[a-z][a-z-]*$/.test(word)).join(' ')}: no action here does it`,
  );
}

/** The words of the command first, where flags come before it; without `beta` and `alpha`. */
function commandFirst(words: readonly string[]): string[] {
  const flags: string[] = [];
  let at = 0;
  for (; at < words.length && words[at]?.startsWith('-'); at += 1) {
    const word = words[at] ?? '';
    if (word === '--version') break;
    flags.push(word);
    if (/^--(project|account|verbosity|format|configuration)$/.test(word)) {
      at += 1;
      flags.push(words[at] ?? '');
    }
  }
  const rest = words.slice(at);
  return [...(/^(alpha|beta)$/.test(rest[0] ?? '') ? rest.slice(1) : rest), ...flags];
}

function configure(words: readonly string[], context: JobContext): Outcome {
  const [name = '', value = ''] = words.filter((word) => !word.startsWith('-'));
  if (/^(core\/)?project$/.test(name)) context.project = value;
  else if (/^(run|compute)\/region$/.test(name)) context.region = value;
  else if (!/^(core\/disable_prompts|run\/platform|builds\/use_kaniko|compute\/zone)$/.test(name))
    return stays(`gcloud config set ${name}: no step here reads it`);
  return { kind: 'left', why: 'each step has it as an input', for: 'gcloud' };
}

function activate(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const at = words.findIndex((word) => word.startsWith('--key-file'));
  const file = words[at]?.includes('=') ? words[at]?.split('=').slice(1).join('=') : words[at + 1];
  const written = file === undefined ? undefined : context.keyFiles.get(file);
  const key = written?.value;
  if (!written || key === undefined || !/^\$\{\{[\s\S]*\}\}$/.test(key))
    return stays("gcloud auth activate-service-account: where its key comes from can't be seen");
  keyOf(unit, key, context);
  const outcome: Outcome = { kind: 'left', why: 'each step signs in by itself', for: 'gcloud' };
  written.unit.outcome = outcome;
  return outcome;
}

function enable(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const line = readOptions(words, SERVICES_ENABLE);
  const given = 'why' in line ? line : inputsFrom(line, context);
  if ('why' in line || 'why' in given)
    return stays(`gcloud services enable: ${'why' in line ? line.why : 'why' in given ? given.why : ''}`);
  const { step } = unit;
  const project = given.inputs.project_id ?? context.project;
  const last = context.added.at(-1);
  if (
    last?.action === 'enable-service' &&
    context.units.at(-2)?.step === step &&
    last.condition === step.condition
  ) {
    last.with.services = `${last.with.services}\n${line.operands.join('\n')}`;
    return { kind: 'joins', step: last };
  }
  const enabled: NewStep = {
    name: step.name ?? 'Enable services',
    action: 'enable-service',
    with: { services: line.operands.join('\n'), ...(project !== undefined && { project_id: project }) },
    env: {},
    ...(step.condition !== undefined && { condition: step.condition }),
    rest: step.rest,
    notes: [],
    signsIn: true,
  };
  return becomes([enabled], context);
}
