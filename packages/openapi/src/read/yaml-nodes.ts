import { type Document, isAlias, isMap, isNode, isScalar, type Node, visit } from 'yaml';
import type { ParseFailure } from './parse.ts';
import { positionAt } from './positions.ts';
import { twice } from './repeated-key.ts';

/**
 * The first node of a YAML text that would be read as something else than it says: a set, an ordered map, a date or
 * bytes, which would be taken for an object without members; and a key that stands twice, which the parser finds only
 * where it is written out both times, not where an alias or a number stands for it.
 */
export function refusedNode(text: string, document: Document.Parsed): ParseFailure | undefined {
  let failure: ParseFailure | undefined;
  visit(document, {
    Node: (_, node) => {
      failure = foreign(text, node) ?? repeated(text, document, node);
      return failure === undefined ? undefined : visit.BREAK;
    },
  });
  return failure;
}

function foreign(text: string, node: Node): ParseFailure | undefined {
  const { tag = '' } = node as { readonly tag?: string };
  const isObject = isScalar(node) && typeof node.value === 'object' && node.value !== null;
  if (!isObject && !/:(set|omap|binary|timestamp)$/.test(tag)) return undefined;
  const name = tag.slice(tag.lastIndexOf(':') + 1);
  return {
    code: 'syntax',
    message: `YAML reads this as a ${name}, which JSON does not have.`,
    position: positionAt(text, node.range?.[0] ?? 0),
  };
}

function repeated(text: string, document: Document.Parsed, node: Node): ParseFailure | undefined {
  if (!isMap(node)) return undefined;
  const names = new Set<string>();
  for (const { key } of node.items) {
    const scalar = isAlias(key) ? key.resolve(document) : key;
    if (!isScalar(scalar) || scalar.value === '<<') continue;
    const name = String(scalar.value ?? '');
    if (names.has(name)) return twice(name, positionAt(text, isNode(key) ? (key.range?.[0] ?? 0) : 0));
    names.add(name);
  }
  return undefined;
}
