import { createHash } from 'node:crypto';

/** What a metadata server has at a path: text, a list's items, or a directory. */
export type Node = string | readonly string[] | { readonly [name: string]: Node };

export interface Answer {
  readonly status: number;
  readonly type: 'application/text' | 'application/json' | 'text/html; charset=UTF-8';
  readonly body: string;
  /** Where a redirect leads. */
  readonly location?: string;
}

/**
 * Where the one leads who asks for a directory without the slash at its end, as clients do that try whether there is a metadata server.
 *
 * @param path within `computeMetadata/v1/`
 * @returns undefined for everything else
 */
export function redirectOf(node: Node, path: string, recursive: boolean): string | undefined {
  const isDirectory = typeof node === 'object' && !Array.isArray(node);
  if (!isDirectory || recursive || path === '' || path.endsWith('/')) return undefined;
  return `http://metadata.google.internal/computeMetadata/v1/${path}/`;
}

/** What stands at a path: undefined for nothing. @param path without a slash at the beginning */
export function nodeAt(root: Node, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const name of path.split('/').filter(Boolean)) {
    if (typeof node !== 'object' || Array.isArray(node)) return undefined;
    node = (node as { readonly [name: string]: Node })[name];
  }
  return node;
}

/**
 * A node as the metadata server writes it: a directory by its names, or with all that is in it
 * (https://cloud.google.com/compute/docs/metadata/querying-metadata).
 */
export function answerOf(
  node: Node,
  { recursive, alt }: { readonly recursive: boolean; readonly alt: string | null },
): Answer {
  const isText = typeof node === 'string';
  const isList = Array.isArray(node);
  if (recursive && !isText) {
    if (alt === 'text') return { status: 200, type: 'application/text', body: lines(node, '').join('') };
    return { status: 200, type: 'application/json', body: JSON.stringify(camel(node)) };
  }
  if (alt === 'json') return { status: 200, type: 'application/json', body: JSON.stringify(camel(node)) };
  if (isText) return { status: 200, type: 'application/text', body: node };
  // Tags are JSON whatever is asked for, and other lists have an item a line.
  if (isList) return { status: 200, type: 'application/text', body: node.map((one) => `${one}\n`).join('') };
  const names = Object.entries(node).map(
    ([name, inner]) => `${name}${typeof inner === 'object' && !Array.isArray(inner) ? '/' : ''}\n`,
  );
  return { status: 200, type: 'application/text', body: names.join('') };
}

/** By what a client knows whether something has changed. */
export function etagOf(node: Node | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify(node ?? null))
    .digest('hex')
    .slice(0, 16);
}

function camel(node: Node, isOwn = false): unknown {
  if (typeof node === 'string' || Array.isArray(node)) return node;
  const entries = Object.entries(node as { readonly [name: string]: Node });
  // What is counted is a list.
  if (entries.length > 0 && entries.every(([name], index) => name === String(index)))
    return entries.map(([, inner]) => camel(inner));
  return Object.fromEntries(
    entries.map(([name, inner]) => [
      isOwn ? name : name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camel(inner, name === 'attributes' || name === 'service-accounts'),
    ]),
  );
}

function lines(node: Node, at: string): string[] {
  if (typeof node === 'string') return [`${at} ${node}\n`];
  if (Array.isArray(node)) return node.map((one) => `${at} ${one}\n`);
  return Object.entries(node).flatMap(([name, inner]) => lines(inner, at === '' ? name : `${at}/${name}`));
}
