import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, visit, type YAMLMap } from 'yaml';
import type { ParseFailure } from './parse-failure.ts';
import { positionAt } from './positions.ts';
import { twice } from './repeated-key.ts';

/**
 * The first node of a YAML text that would be read as something else than it says: a set, an ordered map or bytes, which
 * would be taken for an object without members (a date becomes the text it was written as); and a key that stands twice, which the parser finds only
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
  if (isScalar(node) && (node.value instanceof Date || tag.endsWith(':timestamp'))) {
    node.value = node.source ?? String(node.value);
    return undefined;
  }
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
  const merges: Node[] = [];
  for (const { key, value } of node.items) {
    const scalar = isAlias(key) ? key.resolve(document) : key;
    if (!isScalar(scalar)) continue;
    if (typeof scalar.value === 'symbol') {
      if (isNode(value)) merges.push(value);
      continue;
    }
    const name = String(scalar.value ?? '');
    if (names.has(name)) return twice(name, positionAt(text, isNode(key) ? (key.range?.[0] ?? 0) : 0));
    names.add(name);
  }
  return merges.length > 1 ? mergedTwice(text, document, merges, names) : undefined;
}

/** Of two merge keys in one map, parsers disagree which one wins, so they must not bring the same key. */
function mergedTwice(
  text: string,
  document: Document.Parsed,
  merges: readonly Node[],
  own: ReadonlySet<string>,
): ParseFailure | undefined {
  const merged = new Set<string>();
  for (const merge of merges) {
    const names = new Set(sourcesOf(document, merge).flatMap(namesOf));
    for (const name of names) {
      if (own.has(name)) continue;
      if (merged.has(name)) return twice(name, positionAt(text, merge.range?.[0] ?? 0));
      merged.add(name);
    }
  }
  return undefined;
}

/** The maps that a merge key brings in: one, or those of a list. */
function sourcesOf(document: Document.Parsed, node: unknown): YAMLMap[] {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(target)) return target.items.flatMap((item) => sourcesOf(document, item));
  return isMap(target) ? [target] : [];
}

function namesOf(map: YAMLMap): string[] {
  return map.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []));
}
