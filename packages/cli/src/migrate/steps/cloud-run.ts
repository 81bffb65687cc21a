import type { NewStep, Outcome, Unit } from '../model/outcome.ts';
import { readOptions } from '../shell/options.ts';
import { readScript } from '../shell/script.ts';
import { readWord } from '../shell/words.ts';
import { DEPLOY_CLOUDRUN, RUN_FLAGS } from '../tables/cloud-run.ts';
import { builtAs } from './build.ts';
import type { JobContext } from './context.ts';
import { becomes, stays } from './place.ts';
import { inputsOf } from './sign-in.ts';
import { sourceBuild } from './source.ts';
import { inputsFrom, seconds } from './values.ts';

/** What `gcloud run` deploys, and the input that names it. */
const KINDS: Readonly<Record<string, string>> = { deploy: 'service', services: 'service', jobs: 'job' };

/**
 * `gcloud run deploy`, `services update`, `services update-traffic`, `jobs deploy`, `jobs update`, `jobs execute`.
 *
 * @param words after `run`
 */
export function gcloudRun(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const [group = '', verb = ''] = words;
  const command = group === 'deploy' ? 'deploy' : `${group} ${verb}`;
  const kind = KINDS[group];
  const rest = words.slice(group === 'deploy' ? 1 : 2);
  if (command === 'services add-iam-policy-binding') return allow(unit, rest, context);
  if (/^(services|jobs) replace$/.test(command)) return replace(unit, command, rest, context);
  if (
    !kind ||
    !/^(deploy|services (update|update-traffic)|jobs (deploy|update|create|execute))$/.test(command)
  )
    return stays(`gcloud run ${command}: no action here does it`);
  const line = readOptions(rest, RUN_FLAGS);
  if ('why' in line) return stays(`gcloud run ${command}: ${line.why}`);
  const [name, ...more] = line.operands;
  if (name === undefined || more.length > 0) return stays(`gcloud run ${command}: it takes one ${kind}`);
  const source = line.options.find(({ mapping }) => mapping.from === '--source')?.value;
  const given = inputsFrom(
    { ...line, options: line.options.filter(({ mapping }) => mapping.from !== '--source') },
    context,
  );
  if ('why' in given) return stays(`gcloud run ${command}: ${given.why}`);
  const { region = context.region ?? regionOf(unit, context), project_id, ...inputs } = given.inputs;
  if (region === undefined) return stays(`gcloud run ${command}: it names no region`);
  if (verb === 'execute')
    Object.assign(inputs, { execute: 'true' }, inputs.wait === undefined && { wait: 'false' });
  if (inputs.vpc_egress === 'all') inputs.vpc_egress = 'all-traffic';
  const project = project_id ?? context.project;
  return deploy(
    unit,
    { [kind]: name, region, ...inputs, ...(project !== undefined && { project_id: project }) },
    { source, notes: given.left, region },
    context,
  );
}

/** A step of google-github-actions/deploy-cloudrun. */
export function deployCloudRun(unit: Unit, context: JobContext): Outcome {
  const { step } = unit;
  const { flags, source, ...plain } = step.with;
  const {
    inputs,
    stays: why,
    unknown,
  } = inputsOf({ with: plain, ...(step.odd !== undefined && { odd: step.odd }) }, DEPLOY_CLOUDRUN);
  if (why !== undefined) return stays(why);
  const read = context.outputsRead(step);
  const unread = [...read].find((name) => name !== 'url' || inputs.tag !== undefined);
  if (unread !== undefined)
    return stays(
      unread === 'url'
        ? 'its output "url" is that of the tag, which is tag_url here'
        : `its output "${unread}" is read, which deploy-cloud-run does not have`,
    );
  const region = inputs.region ?? 'us-central1';
  inputs.region = region;
  const wait =
    inputs.request_timeout === undefined ? undefined : seconds('timeout', inputs.request_timeout, context);
  if (wait && 'why' in wait) return stays(wait.why);
  if (wait) inputs.request_timeout = wait.value;
  const notes = unknown.map(
    (name) => `"${name}" is left out: deploy-cloudrun has no such input and ignored it.`,
  );
  if (flags !== undefined && flags.trim() !== '') {
    const extra = flagsOf(flags, unit, context);
    if ('why' in extra) return stays(`"flags": ${extra.why}`);
    for (const [name, value] of Object.entries(extra.inputs)) {
      if (inputs[name] !== undefined && inputs[name] !== value)
        return stays(`"flags" sets ${name} a second time`);
      inputs[name] = value;
    }
    notes.push(...extra.left);
  }
  if (inputs.vpc_egress === 'all') inputs.vpc_egress = 'all-traffic';
  return deploy(unit, inputs, { source: source === '' ? undefined : source, notes, region }, context);
}

/** `gcloud run services replace FILE`, and of jobs. */
function replace(unit: Unit, command: string, words: readonly string[], context: JobContext): Outcome {
  const line = readOptions(words, RUN_FLAGS);
  const given = 'why' in line ? line : inputsFrom(line, context);
  if ('why' in line || 'why' in given)
    return stays(`gcloud run ${command}: ${'why' in line ? line.why : 'why' in given ? given.why : ''}`);
  const [file, ...more] = line.operands;
  const {
    region = context.region ?? regionOf(unit, context),
    project_id = context.project,
    ...rest
  } = given.inputs;
  if (file === undefined || more.length > 0) return stays(`gcloud run ${command}: it takes one file`);
  if (region === undefined) return stays(`gcloud run ${command}: it names no region`);
  const inputs = {
    metadata: context.path(file),
    region,
    ...rest,
    ...(project_id !== undefined && { project_id }),
  };
  return deploy(unit, inputs, { source: undefined, notes: given.left, region }, context);
}

interface More {
  readonly source: string | undefined;
  readonly notes: readonly string[];
  readonly region: string;
}

function deploy(
  unit: Unit,
  inputs: Record<string, string>,
  { source, notes, region }: More,
  context: JobContext,
): Outcome {
  const { step } = unit;
  const kind = inputs.job === undefined ? 'service' : 'job';
  const name = inputs[kind] ?? '';
  const added: NewStep[] = [];
  let written: string | undefined;
  if (source !== undefined) {
    if (inputs.image !== undefined) return stays('it has an image and a source');
    const build = sourceBuild(unit, { folder: source, name, region, project: inputs.project_id }, context);
    if ('why' in build) return stays(build.why);
    inputs.image = `\${{ steps.${build.id}.outputs.image }}`;
    added.push(build);
  } else if (inputs.image !== undefined) {
    const build = builtAs(inputs.image, context) ?? byDigest(inputs.image, context);
    if (build?.step && build.step.condition === step.condition) {
      written = inputs.image;
      inputs.image = `\${{ steps.${build.step.id}.outputs.image }}`;
    }
  }
  const ordered = { [kind]: name, ...inputs };
  const deployed: NewStep = {
    ...(step.uses === undefined
      ? { name: 'Deploy to Cloud Run' }
      : step.name !== undefined && { name: step.name }),
    id: step.uses !== undefined && step.id !== undefined ? step.id : context.newId('deploy'),
    action: 'deploy-cloud-run',
    with: inputs.metadata === undefined ? ordered : inputs,
    env: step.uses === undefined ? {} : { ...step.env },
    ...(step.condition !== undefined && { condition: step.condition }),
    rest: step.rest,
    notes: [...notes],
    signsIn: true,
    ...(written !== undefined && { image: written }),
  };
  added.push(deployed);
  const outcome = becomes(added, context);
  if (kind === 'service' && name !== '') context.services.set(context.scope.canonical(name), deployed);
  return outcome;
}

/** An image by the digest that a build of the job has told. */
function byDigest(image: string, { builds, scope }: JobContext) {
  const [name = '', digest = ''] = image.split('@');
  const [, id] = /^\$\{\{\s*steps\.([\w-]+)\.outputs\.digest\s*\}\}$/.exec(digest) ?? [];
  return builds.find(
    ({ step }) =>
      step?.id === id &&
      id !== undefined &&
      scope.canonical(step?.with.image ?? '') === scope.canonical(name),
  );
}

function regionOf({ step }: Unit, { scope }: JobContext): string | undefined {
  return scope.variable('CLOUDSDK_RUN_REGION', step) ?? scope.variable('CLOUDSDK_COMPUTE_REGION', step);
}

/** Words of the input `flags`, as deploy-cloudrun splits them, as inputs. */
function flagsOf(flags: string, unit: Unit, context: JobContext): ReturnType<typeof inputsFrom> {
  const script = readScript(`flags ${flags.replace(/\s*\n\s*/g, ' ')}`);
  const [command] = script?.parts[0]?.commands ?? [];
  if (!script || !command || script.parts.length !== 1) return { why: "they can't be read" };
  const words: string[] = [];
  for (const word of command.suffix) {
    if (word.type !== 'Word') return { why: "they can't be read" };
    const read = readWord(word, {
      restored: script.restored,
      variable: (name) => ({ unknown: `$${name} is not put in there` }),
    });
    if ('unknown' in read) return { why: read.unknown };
    words.push(read.value);
  }
  const line = readOptions(words, RUN_FLAGS);
  if ('why' in line) return line;
  if (line.operands.length > 0) return { why: `${unit.step.line}: "${line.operands[0]}" is no flag` };
  if (line.options.some(({ mapping }) => mapping.from === '--source'))
    return { why: '--source: write the input source' };
  return inputsFrom(line, context);
}

/** `gcloud run services add-iam-policy-binding SERVICE --member=allUsers --role=roles/run.invoker`. */
function allow(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const [service = ''] = words.filter(
    (word, at) =>
      !word.startsWith('-') && !/^--(member|role|region|project|platform)$/.test(words[at - 1] ?? ''),
  );
  const text = words.join(' ');
  const deployed = context.services.get(context.scope.canonical(service));
  const isPublic = /--member[= ]"?allUsers\b/.test(text) && /--role[= ]"?roles\/run\.invoker\b/.test(text);
  if (!isPublic || !deployed || deployed.condition !== unit.step.condition)
    return stays(
      'gcloud run services add-iam-policy-binding: invokers of deploy-cloud-run is the whole list of callers, and others may be on it',
    );
  deployed.with.invokers = 'allUsers';
  return { kind: 'joins', step: deployed };
}
