import type { NewStep, Outcome, Unit } from '../model/outcome.ts';
import { readOptions } from '../shell/options.ts';
import { readScript } from '../shell/script.ts';
import { readWord } from '../shell/words.ts';
import { FLYCTL_DEPLOY, REVIEW_APPS } from '../tables/fly.ts';
import type { JobContext } from './context.ts';
import { flyDeploy, secretLine } from './fly.ts';
import { becomes, stays } from './place.ts';
import { inputsOf } from './sign-in.ts';
import { inputsFrom, split } from './values.ts';

const NUMBER = /\$\{\{\s*github\.event\.(?:number|pull_request\.number)\s*\}\}/;

/** superfly/flyctl-actions itself, which runs flyctl with `args`. */
export function flyctlAction(unit: Unit, context: JobContext): Outcome {
  const args = unit.step.with.args ?? '';
  const words = wordsOf(args);
  if ('why' in words) return stays(words.why);
  const [verb, ...rest] = words.words;
  if (verb !== 'deploy') return stays(`flyctl ${verb ?? ''}: no action here runs it`);
  const other = Object.keys(unit.step.with).find((name) => name !== 'args');
  if (other !== undefined)
    return stays(`"${other}" is no input of superfly/flyctl-actions that is known here`);
  return flyDeploy(unit, rest, context);
}

/** superfly/fly-pr-review-apps. */
export function reviewApp(unit: Unit, context: JobContext): Outcome {
  const { step } = unit;
  const { deploy_options: options, ...plain } = step.with;
  const { inputs, stays: why } = inputsOf(
    { with: plain, ...(step.odd !== undefined && { odd: step.odd }) },
    REVIEW_APPS,
  );
  if (why !== undefined) return stays(why);
  const unread = [...context.outputsRead(step)].find((name) => !['url', 'name', 'hostname'].includes(name));
  if (unread !== undefined) return stays(`its output "${unread}" is read, which fly-deploy does not have`);
  const notes = [
    'It deploys and destroys an app for each pull request, as before; the event has to be pull_request.',
  ];
  const named = appOf(inputs.app, context);
  if ('why' in named) return stays(named.why);
  delete inputs.app;
  if (named.note) notes.push(named.note);
  if (options !== undefined && options.trim() !== '') {
    const words = wordsOf(options);
    if ('why' in words) return stays(words.why);
    const line = readOptions(words.words, FLYCTL_DEPLOY);
    const extra = 'why' in line ? line : inputsFrom(line, context);
    if ('why' in extra) return stays(`"deploy_options": ${extra.why}`);
    Object.assign(inputs, extra.inputs);
  }
  for (const name of ['secrets', 'build_args'] as const) {
    const lines = split(inputs[name] ?? '', /\s+/).map((item) =>
      name === 'secrets' ? secretLine(item) : item,
    );
    if (lines.some((line) => line === undefined || !line.includes('=')))
      return stays(`"${name}" has something that is not NAME=VALUE`);
    if (lines.length > 0) inputs[name] = lines.join('\n');
  }
  const variable = (name: string): string | undefined => context.scope.variable(name, step);
  if (inputs.org === undefined && variable('FLY_ORG') === undefined) inputs.org = 'personal';
  if (inputs.region === undefined && variable('FLY_REGION') === undefined) inputs.region = 'iad';
  const token = step.env.FLY_API_TOKEN;
  const env = Object.fromEntries(Object.entries(step.env).filter(([name]) => name !== 'FLY_API_TOKEN'));
  const review: NewStep = {
    ...(step.name !== undefined && { name: step.name }),
    ...(step.id !== undefined && { id: step.id }),
    action: 'fly-deploy',
    with: {
      pull_request: 'true',
      ...(named.app !== undefined && { app: named.app }),
      ...inputs,
      ...(token !== undefined && { api_token: token }),
    },
    env,
    ...(step.condition !== undefined && { condition: step.condition }),
    rest: step.rest,
    notes,
    signsIn: false,
    ...(named.note !== undefined && { renames: true as const }),
  };
  return becomes([review], context);
}

type Named = { readonly app?: string; readonly note?: string } | { readonly why: string };

/** What the apps' names begin with. */
function appOf(name: string | undefined, { scope }: JobContext): Named {
  const orphans =
    'apps of pull requests that are open now have other names, and have to be destroyed by hand';
  if (name === undefined)
    return {
      note: `Apps are named after the app of fly.toml with -pr-NUMBER, and not pr-NUMBER-OWNER-REPOSITORY: ${orphans}.`,
    };
  const known = NUMBER.test(name) ? name : scope.canonical(name);
  if (!NUMBER.test(known)) return { why: '"name" has no number of the pull request that is written out' };
  const [before = '', after = ''] = known.split(NUMBER);
  if (after === '' && before.endsWith('-pr-')) return { app: before.slice(0, -4) };
  const app =
    `${before.replace(/(^|-)(pr|review|preview)-?$/, '').replace(/-$/, '')}${after === '' ? '' : `-${after.replace(/^-/, '')}`}`.replace(
      /^-/,
      '',
    );
  if (app === '') return { why: '"name" is the number alone, which names no app' };
  return { app, note: `Apps are named ${app}-pr-NUMBER: ${orphans}.` };
}

function wordsOf(text: string): { readonly words: string[] } | { readonly why: string } {
  const script = readScript(`flyctl ${text.replace(/\s*\n\s*/g, ' ').trim()}`);
  const [command] = script?.parts[0]?.commands ?? [];
  if (!script || !command || script.parts.length !== 1) return { why: `"${text}" can't be read` };
  const words: string[] = [];
  for (const word of command.suffix) {
    const read =
      word.type === 'Word'
        ? readWord(word, {
            restored: script.restored,
            variable: (name) => ({ unknown: `$${name} is not known here` }),
          })
        : { unknown: `"${text}" can't be read` };
    if ('unknown' in read) return { why: read.unknown };
    words.push(read.value);
  }
  return { words };
}
