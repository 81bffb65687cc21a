import type { CompiledOperation, CompiledService } from '../../import/compiled.ts';
import { type PathTemplate, parsePathTemplate, type Segment } from '../../import/operations/path-template.ts';
import { Rejection } from '../rejection.ts';

export interface Variable {
  readonly name: string;
  /** Still escaped. */
  readonly value: string;
}

export interface MatchedRoute {
  readonly operation: CompiledOperation & { readonly backend: NonNullable<CompiledOperation['backend']> };
  readonly variables: readonly Variable[];
  /** A preflight for a path whose document has no OPTIONS: goes to the backend unchecked. */
  readonly preflight: boolean;
}

interface Entry {
  readonly operation: MatchedRoute['operation'];
  readonly template: PathTemplate;
  readonly match: (path: string) => readonly Variable[] | undefined;
}

/**
 * The routes of one service in ESPv2's order: at each segment exact text before `{var}` before `**`, the
 * shorter path first (https://github.com/GoogleCloudPlatform/esp-v2, src/go/util/httppattern). An operation
 * without a backend has no route.
 */
export class RouteTable {
  readonly #entries: readonly Entry[];
  readonly #allowCors: boolean;

  constructor({ operations, allowCors }: CompiledService) {
    this.#entries = operations.flatMap(entry).sort((a, b) => compare(a.template, b.template));
    this.#allowCors = allowCors;
  }

  /**
   * @param method upper case
   * @param path normalised, without a query
   * @throws Rejection 405 when only the method is wrong, 404 when nothing matches
   */
  find(method: string, path: string): MatchedRoute {
    let closest: Pick<MatchedRoute, 'operation' | 'variables'> | undefined;
    for (const { operation, match } of this.#entries) {
      if (closest && operation.method !== method) continue;
      const variables = match(path);
      if (!variables) continue;
      if (operation.method === method) return { operation, variables, preflight: false };
      closest = { operation, variables };
    }
    if (!closest) throw new Rejection(404, 'The current request is not defined by this API.');
    if (this.#allowCors && method === 'OPTIONS') return { ...closest, preflight: true };
    throw new Rejection(
      405,
      `The current request is matched to the defined url template "${closest.operation.pathTemplate}" but its http method is not allowed`,
    );
  }
}

function entry(operation: CompiledOperation): Entry[] {
  const template = parsePathTemplate(operation.pathTemplate);
  const { backend } = operation;
  if (!backend || 'problem' in template) return [];
  return [{ operation: { ...operation, backend }, template, match: matcher(template) }];
}

function matcher({ segments, verb }: PathTemplate): Entry['match'] {
  if (segments.length === 0) return (path) => (path === '/' ? [] : undefined);
  const names = segments.flatMap((segment) => ('literal' in segment ? [] : [segment.variable]));
  const source = segments.map(pattern).join('');
  const regexp = new RegExp(`^${source}/?${verb ? `:${literally(verb)}` : ''}$`, 's');
  const rest = segments.some((segment) => 'rest' in segment && segment.rest);
  return (path) => {
    const values = regexp.exec(path)?.slice(1);
    if (!values) return undefined;
    return names.flatMap((name, index) => {
      const value = values[index] ?? '';
      // Slashes at the end belong to no segment; before a verb they do.
      const trimmed = rest && !verb && index === names.length - 1 ? value.replace(/\/+$/, '') : value;
      return name === undefined ? [] : [{ name, value: trimmed }];
    });
  };
}

function pattern(segment: Segment): string {
  if ('literal' in segment) return `/${literally(segment.literal)}`;
  return segment.rest ? '/(.*)' : '/([^/]+)';
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

const END = 0;
const EXACT = 1;
const ONE = 2;
const REST = 3;

/** Pre-order of the tree of segments, except that what follows `**` comes before `**` itself. */
function compare(a: PathTemplate, b: PathTemplate): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let index = 0; ; index += 1) {
    const x = left[index] ?? { rank: END, text: '' };
    const y = right[index] ?? { rank: END, text: '' };
    if (x.rank === END && y.rank === END) return 0;
    const afterRest = left[index - 1]?.rank === REST;
    if (x.rank === END || y.rank === END) return (x.rank - y.rank) * (afterRest ? -1 : 1);
    if (x.rank !== y.rank) return x.rank - y.rank;
    if (x.text !== y.text) return x.text < y.text ? -1 : 1;
  }
}

function partsOf({ segments, verb }: PathTemplate): { rank: number; text: string }[] {
  const parts = segments.map((segment) =>
    'literal' in segment
      ? { rank: EXACT, text: segment.literal }
      : { rank: segment.rest ? REST : ONE, text: '' },
  );
  return verb ? [...parts, { rank: EXACT, text: verb }] : parts;
}
