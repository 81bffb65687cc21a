import { masked } from './expressions.ts';
import type { Scope } from './scope.ts';

/** An image's name and its tag, as they are written in inputs. */
export interface Reference {
  readonly name: string;
  readonly tag: string;
}

/**
 * Takes a reference apart: what is put in by expressions counts as far as it is known.
 *
 * @returns why not, where it can't be
 */
export function referenceOf(text: string, scope: Scope): Reference | { readonly why: string } {
  let found = text.trim();
  for (let round = 0; round < 10; round += 1) {
    const split = splitAt(found);
    if (split && isGoogles(scope.canonical(split.name))) return split;
    const next = scope.expanded(found);
    if (next === found) break;
    found = next;
  }
  const whole = scope.canonical(text.trim());
  if (!isGoogles(whole))
    return {
      why: /^\$\{\{/.test(whole)
        ? `the image ${text.trim()} is only known when the workflow runs`
        : `${shown(text)} is no image of Artifact Registry`,
    };
  if (whole.includes('@')) return { why: `${shown(text)} names a digest` };
  return { name: text.trim(), tag: 'latest' };
}

/** Whether a name, with all that is known put in, is one of Google's registries. */
export function isGoogles(canonical: string): boolean {
  return /(^|\}|[a-z0-9]|^["'])-docker\.pkg\.dev\/|^["']?(?:[a-z]+\.)?gcr\.io\//.test(canonical);
}

function splitAt(text: string): Reference | undefined {
  const plain = masked(text);
  const colon = plain.lastIndexOf(':');
  if (colon < 0 || plain.lastIndexOf('/') > colon || plain.includes('@')) return undefined;
  return { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

function shown(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
