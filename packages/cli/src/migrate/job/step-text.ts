import { stringify } from 'yaml';
import type { NewStep } from '../model/outcome.ts';
import type { Step } from '../model/workflow.ts';

/** Where the actions are published. */
const PUBLISHED = 'gangway-dev/gangway/actions';
const REFERENCE = 'v1';

/** A step of ours, as it is written, its `-` in the first column. */
export function stepText(step: NewStep): string {
  const { name, id, condition, action, with: inputs, env, rest } = step;
  return written({
    ...(name !== undefined && { name }),
    ...(id !== undefined && { id }),
    ...(condition !== undefined && { if: condition }),
    uses: `${PUBLISHED}/${action}@${REFERENCE}`,
    with: scalars(inputs),
    ...(Object.keys(env).length > 0 && { env: scalars(env) }),
    ...scalars(rest),
  });
}

/** A step with another script. */
export function plainStep(
  { name, condition, shell, folder, env, rest }: Step,
  script: string,
  more: { readonly id?: string; readonly env: Readonly<Record<string, string>> },
): string {
  const all = { ...env, ...more.env };
  return written({
    ...(name !== undefined && { name }),
    ...(more.id !== undefined && { id: more.id }),
    ...(condition !== undefined && { if: condition }),
    ...(folder !== undefined && { 'working-directory': folder }),
    ...(shell !== undefined && { shell }),
    ...(Object.keys(all).length > 0 && { env: scalars(all) }),
    ...scalars(rest),
    run: script.includes('\n') ? `${script}\n` : script,
  });
}

function written(step: Readonly<Record<string, unknown>>): string {
  return stringify([step], { lineWidth: 0, singleQuote: true, blockQuote: 'literal' }).trimEnd();
}

/** Texts that are a number or a truth value are written as one. */
function scalars(texts: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, scalar(text)]));
}

function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d{1,15}(\.\d+)?$/.test(text) && String(Number(text)) === text) return Number(text);
  return text.includes('\n') ? `${text.replace(/\n+$/, '')}\n` : text;
}
