import { forEachChild, parse, type SyntaxNode } from 'unbash';
import { masked } from '../model/expressions.ts';
import type { NewStep, Unit } from '../model/outcome.ts';
import { readScript } from '../shell/script.ts';
import { readWord, type Words } from '../shell/words.ts';
import type { JobContext } from './context.ts';

/** What asks for the URL of a service that a step of the job deploys. */
function deployedBy(
  command: string,
  variable: Words['variable'],
  condition: string | undefined,
  context: JobContext,
): NewStep | undefined {
  const script = readScript(command);
  const [part, ...more] = script?.parts ?? [];
  const [only] = part?.commands ?? [];
  if (!script || !only || more.length > 0 || part?.commands.length !== 1 || only.name?.value !== 'gcloud')
    return undefined;
  const words = only.suffix.flatMap((word) => {
    const read =
      word.type === 'Word' ? readWord(word, { restored: script.restored, variable }) : { unknown: '' };
    return 'value' in read ? [read.value] : [''];
  });
  const at = words.indexOf('describe');
  if (
    at < 0 ||
    !/^(?:(?:alpha|beta) )?run services$/.test(
      words
        .slice(Math.max(at - 3, 0), at)
        .filter((word) => !word.startsWith('-'))
        .join(' '),
    )
  )
    return undefined;
  const asks = /^(value|get|csv\[no-heading\])\((status\.(address\.)?url|uri)\)$/;
  const format = words
    .map((word, index) => (word === '--format' ? (words[index + 1] ?? '') : word.replace(/^--format=/, '')))
    .find((word) => asks.test(word));
  const names = words
    .slice(at + 1)
    .filter(
      (word, index, all) =>
        !word.startsWith('-') && !/^--(region|project|platform|format)$/.test(all[index - 1] ?? ''),
    );
  const step =
    names.length === 1 && format !== undefined
      ? context.services.get(context.scope.canonical(names[0] ?? ''))
      : undefined;
  return step && (step.condition === undefined || step.condition === condition) ? step : undefined;
}

/** The URL that a command asks for, as an output of the step that deploys. */
export function urlAskedBy(
  command: string,
  { step }: Pick<Unit, 'step'>,
  variable: Words['variable'],
  context: JobContext,
): string | undefined {
  const deployed = deployedBy(command, variable, step.condition, context);
  return deployed && `\${{ steps.${deployed.id}.outputs.url }}`;
}

/**
 * Puts variables in the place of what asks Google for the URL of a service that the job deploys, in a part of a script that stays. A
 * command that only prints the URL goes.
 */
export function takeUrls(unit: Unit, variable: Words['variable'], context: JobContext): void {
  const { part, step } = unit;
  if (!part || unit.outcome.kind !== 'stays' || unit.outcome.why !== undefined) return;
  if (!part.text.includes('describe')) return;
  if (deployedBy(part.text, variable, step.condition, context)) {
    unit.outcome = { kind: 'left', why: 'the step that deploys says the URL, and has it as an output' };
    return;
  }
  const env: Record<string, string> = {};
  let text = part.text;
  for (const { pos, end } of substitutionsIn(part.text).reverse()) {
    const inner = part.text.slice(pos, end).replace(/^\$\(|^`|\)$|`$/g, '');
    const url = urlAskedBy(inner, unit, variable, context);
    if (url === undefined) continue;
    const name = Object.entries(env).find(([, value]) => value === url)?.[0] ?? nameFor(env, unit);
    env[name] = url;
    text = `${text.slice(0, pos)}\${${name}}${text.slice(end)}`;
  }
  if (Object.keys(env).length > 0) unit.outcome = { kind: 'stays', text, env };
}

/** `$(…)` in a script, the outer ones. */
function substitutionsIn(text: string): { pos: number; end: number }[] {
  const found: { pos: number; end: number }[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'CommandExpansion') found.push({ pos: node.pos, end: node.end });
    else forEachChild(node, visit);
  };
  visit(parse(masked(text)));
  return found;
}

function nameFor(env: Readonly<Record<string, string>>, { step }: Unit): string {
  let name = 'SERVICE_URL';
  for (let number = 2; name in env || name in step.env; number += 1) name = `SERVICE_URL_${number}`;
  return name;
}
