import { withoutExpressions } from '../model/expressions.ts';
import type { CommandLine } from '../shell/options.ts';
import type { JobContext } from './context.ts';

/** Inputs of a step here, of the options of a command line there. @returns why not, where one can't be said here */
export function inputsFrom(
  { options }: CommandLine,
  context: JobContext,
): { readonly inputs: Record<string, string>; readonly left: string[] } | { readonly why: string } {
  const inputs: Record<string, string> = {};
  const left: string[] = [];
  for (const { name, value, mapping } of options) {
    if (mapping.unless?.includes(value)) continue;
    if (mapping.stays !== undefined) {
      if (mapping.alone && value === 'false') continue;
      return { why: `${name} ${mapping.stays}` };
    }
    if (mapping.left !== undefined) {
      if (mapping.alone && value === 'false') return { why: `${name}=false is not known here` };
      if (mapping.differs !== undefined || /until you/.test(mapping.left))
        left.push(`${name}: ${mapping.left}`);
      continue;
    }
    const to = mapping.to ?? '';
    if (mapping.with && mapping.alone) {
      if (value !== 'true') return { why: `${name}=${value} is not known here` };
      Object.assign(inputs, mapping.with);
      continue;
    }
    const shaped = shapedAs(mapping.as, name, value, context);
    if ('why' in shaped) return shaped;
    const before =
      mapping.as === 'lines' || mapping.as === 'pairs' || mapping.as === 'list' ? inputs[to] : undefined;
    inputs[to] = before === undefined ? shaped.value : `${before}\n${shaped.value}`;
    Object.assign(inputs, mapping.with);
  }
  return { inputs, left };
}

type Shaped = { readonly value: string } | { readonly why: string };

function shapedAs(as: string | undefined, name: string, value: string, context: JobContext): Shaped {
  switch (as) {
    case 'true':
      return { value: value === 'false' ? 'false' : 'true' };
    case 'false':
      return { value: value === 'false' ? 'true' : 'false' };
    case 'list':
      return { value: split(value, ',').join('\n') };
    case 'pairs':
      return pairs(name, value, context);
    case 'seconds':
      return seconds(name, value, context);
    default:
      return { value };
  }
}

/** A time as gcloud and flyctl take it: a number alone is seconds. */
export function seconds(name: string, value: string, { scope }: JobContext): Shaped {
  const known = scope.canonical(value);
  if (/^\d+$/.test(known)) return { value: `${value}s` };
  if (/^\d+[smh]$/.test(known)) return { value };
  return { why: `${name} ${value}: whether it has a unit is only known when the step runs` };
}

/** gcloud's list of NAME=VALUE, `^X^` at the beginning of which sets another separator than the comma. */
function pairs(name: string, text: string, context: JobContext): Shaped {
  const [, separator = ',', list = text] = /^\^([^^]+)\^([\s\S]*)$/.exec(text) ?? [];
  const items = split(list, separator);
  const lines: string[] = [];
  for (const item of items) {
    const [, key, value = ''] = /^([\w./-]+)=([\s\S]*)$/.exec(item.trim()) ?? [];
    if (key === undefined) return { why: `${name} has "${shown(item)}", which is not NAME=VALUE` };
    lines.push(pair(key, value, context));
  }
  return { value: lines.join('\n') };
}

/** A pair as the inputs of deploy-cloud-run read it: between `"""` where the value may have a character with a meaning. */
function pair(key: string, value: string, { scope }: Pick<JobContext, 'scope'>): string {
  const known = scope.canonical(value);
  const isPlain = !/[\\"',#()[\]{}\n]|^\s|\s$/.test(withoutExpressions(known)) && !/\bsecrets\./.test(known);
  return isPlain ? `${key}=${value}` : `${key}="""${value}"""`;
}

/** Splits a text where it is none of GitHub's expressions. */
export function split(text: string, separator: string | RegExp): string[] {
  const expressions: string[] = [];
  const masked = text.replace(/\$\{\{[\s\S]*?\}\}/g, (whole) => `\ue000${expressions.push(whole) - 1}\ue001`);
  return masked
    .split(separator)
    .map((one) =>
      one.replace(/\ue000(\d+)\ue001/g, (_, index: string) => expressions[Number(index)] ?? '').trim(),
    )
    .filter(Boolean);
}

function shown(text: string): string {
  const name = /^[\w-]+/.exec(text.trim())?.[0] ?? '';
  return name === '' ? '…' : `${name}…`;
}
