import {
  type Reading,
  type Segment,
  SegmentReader,
  splitSegments,
  type TemplateFailure,
  variableName,
  withoutVariables,
} from './segments.ts';

export type { Segment };

/** A path as API Gateway routes it. */
export interface Template {
  readonly segments: readonly Segment[];
  /** A custom verb after the last segment: `:cancel`, or ''. */
  readonly verb: string;
  /** Variables that go by another name than the document gives them, in order: Google would refuse that, or it is taken. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  /** What of the path was read as something else than it is in OpenAPI, in words. */
  readonly readings: readonly Reading[];
}

const MAX_CHARACTERS = 512;
const MAX_VARIABLES = 60;

/**
 * Reads a path by the rules of API Gateway (https://cloud.google.com/api-gateway/docs/path-templating): variables
 * fill whole segments, wildcards only the last, names are [A-Za-z_][A-Za-z0-9_.-]* of 100 characters at most, each
 * once (others are renamed: what a variable is called does not apply to a caller), 60 variables, 512 characters. A
 * trailing slash is dropped, as the gateway matches both forms. Catch-alls may be in the notation of any framework.
 */
export function parseTemplate(path: string): Template | TemplateFailure {
  const invalid = (why: string): TemplateFailure => ({
    code: 'path-invalid',
    message: `The path ${path} ${why}.`,
  });
  if (!path.startsWith('/')) return invalid('does not start with a slash');
  const parts = splitSegments(path);
  const odd = /[?#\s]/.exec(parts.map(withoutVariables).join('/'))?.[0];
  if (odd !== undefined) {
    const message = `The path ${path} is left out: it has ${UNREACHABLE[odd] ?? 'a space'} in it, and no request has.`;
    return { code: 'path-unreachable', message };
  }
  if (path.length > MAX_CHARACTERS)
    return { code: 'path-limit', message: `The path has ${path.length} characters.` };
  const last = parts.pop() ?? '';
  const verb = /(?<=.):[^/:{}]+$/.exec(last)?.[0] ?? '';
  const tail = verb === '' ? last : last.slice(0, -verb.length);
  if (tail !== '') parts.push(tail);
  const reader = new SegmentReader(path);
  for (const text of parts) {
    if (text === '') return invalid('has an empty segment');
    const failure = reader.read(text);
    if (failure !== undefined) return failure;
  }
  const { segments, renamed, readings } = reader;
  const names = variablesOf(segments);
  if (names.length > MAX_VARIABLES)
    return { code: 'path-limit', message: `The path ${path} has ${names.length} variables.` };
  if (segments.some((segment, index) => isWildcard(segment) && index < segments.length - 1)) {
    return invalid('has a wildcard before its last segment');
  }
  const [end] = segments.slice(-1);
  if (end?.kind === 'literal' && end.text === '*')
    readings.push({
      code: 'path-narrowed',
      message: `The * at the end of ${path} matches one segment, and no more.`,
    });
  return { segments, verb, renamed, readings };
}

/** The path in the words of a dialect: `{name=**}` in Swagger 2.0, plain `{name}` in OpenAPI 3. */
export function writeTemplate(template: Template, wildcards: 'inline' | 'plain' | 'erased'): string {
  const parts = template.segments.map((segment) => {
    if (segment.kind === 'literal') return segment.text;
    if (wildcards === 'erased') return segment.wildcard ? '{=**}' : '{}';
    return segment.wildcard && wildcards === 'inline' ? `{${segment.name}=**}` : `{${segment.name}}`;
  });
  return `/${parts.join('/')}${template.verb}`;
}

/** The names of the variables, in order. */
export function variablesOf(segments: readonly Segment[]): string[] {
  return segments.flatMap((segment) => (segment.kind === 'variable' ? [segment.name] : []));
}

/** A path without its trailing slash; the root stays. */
export function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** `*` and `**` as variables, which OpenAPI 3 has in their place. */
export function withNamedPatterns(template: Template): Template {
  if (!template.segments.some((segment) => segment.kind === 'literal' && /^\*\*?$/.test(segment.text)))
    return template;
  const taken = new Set(variablesOf(template.segments));
  const segments = template.segments.map((segment): Segment => {
    if (segment.kind !== 'literal' || !/^\*\*?$/.test(segment.text)) return segment;
    const wildcard = segment.text === '**';
    const name = variableName(wildcard ? 'path' : 'segment', taken);
    taken.add(name);
    return { kind: 'variable', name, wildcard };
  });
  return { ...template, segments };
}

function isWildcard(segment: Segment): boolean {
  return segment.kind === 'variable' ? segment.wildcard : segment.text === '**';
}

const UNREACHABLE: Readonly<Record<string, string>> = { '?': 'a query', '#': 'a fragment' };
