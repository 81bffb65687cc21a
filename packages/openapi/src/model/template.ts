/** A path as API Gateway routes it. */
export interface Template {
  readonly segments: readonly Segment[];
  /** A custom verb after the last segment: `:cancel`, or ''. */
  readonly verb: string;
  /** Variables that go by another name than the document gives them, in order: Google would refuse that, or it is taken. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/** A literal, or a variable for one segment or for all the rest. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly wildcard: boolean };

/** Why a path cannot be routed. */
export interface TemplateFailure {
  readonly code: 'path-invalid' | 'path-unreachable' | 'partial-segment' | 'path-limit';
  readonly message: string;
}

const MAX_CHARACTERS = 512;
const MAX_VARIABLES = 60;
const MAX_NAME = 100;

/**
 * Reads a path by the rules of API Gateway (https://cloud.google.com/api-gateway/docs/path-templating): variables
 * fill whole segments, `{name=**}` only the last, names are [A-Za-z_][A-Za-z0-9_.-]* of 100 characters at most, each
 * once (others are renamed: what a variable is called means nothing to a caller), 60 variables, 512 characters. A
 * trailing slash is dropped, as the gateway matches both forms.
 */
export function parseTemplate(path: string): Template | TemplateFailure {
  const invalid = (why: string): TemplateFailure => ({
    code: 'path-invalid',
    message: `The path ${path} ${why}.`,
  });
  if (!path.startsWith('/')) return invalid('does not start with a slash');
  const odd = /[?#\s]/.exec(path.replaceAll(/\{[^{}]*\}/g, '{}'))?.[0];
  if (odd !== undefined) {
    const message = `The path ${path} is left out: it has ${UNREACHABLE[odd] ?? 'a space'} in it, and no request has.`;
    return { code: 'path-unreachable', message };
  }
  if (path.length > MAX_CHARACTERS)
    return { code: 'path-limit', message: `The path has ${path.length} characters.` };
  const verb = /(?<=[^/]):[^/:{}]+$/.exec(path)?.[0] ?? '';
  const bare = withoutSlash(verb === '' ? path : path.slice(0, -verb.length));
  const segments: Segment[] = [];
  const taken = new Set<string>();
  const renamed: { from: string; to: string }[] = [];
  for (const text of bare === '/' ? [] : bare.slice(1).split('/')) {
    if (text === '') return invalid('has an empty segment');
    const segment = parseSegment(text);
    if (segment === undefined) {
      const message = `The path ${path} has a variable that is only a part of its segment: ${text}.`;
      return { code: 'partial-segment', message };
    }
    if (segment.kind === 'literal') {
      if (/[*=]/.test(text) && !/^\*\*?$/.test(text))
        return invalid(`has a * or = in ${text}, which stand for patterns`);
      segments.push(segment);
      continue;
    }
    const name = variableName(segment.name, taken);
    taken.add(name);
    if (name !== segment.name) renamed.push({ from: segment.name, to: name });
    segments.push({ ...segment, name });
  }
  const names = variablesOf(segments);
  if (names.length > MAX_VARIABLES)
    return { code: 'path-limit', message: `The path ${path} has ${names.length} variables.` };
  if (segments.some((segment, index) => isWildcard(segment) && index < segments.length - 1)) {
    return invalid('has a ** before its last segment');
  }
  return { segments, verb, renamed };
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

function parseSegment(text: string): Segment | undefined {
  if (!/[{}]/.test(text)) return { kind: 'literal', text };
  const inner = /^\{([^{}=]+)(=\*\*?)?\}$/.exec(text);
  if (inner === null) return undefined;
  return { kind: 'variable', name: inner[1] ?? '', wildcard: inner[2] === '=**' };
}

function isWildcard(segment: Segment): boolean {
  return segment.kind === 'variable' ? segment.wildcard : segment.text === '**';
}

/** A name that Google takes, and that the path does not have yet. */
function variableName(written: string, taken: ReadonlySet<string>): string {
  const clean = written.replaceAll(/[^A-Za-z0-9_.-]+/g, '_');
  const first = /^[A-Za-z_]/.test(clean) ? clean : `_${clean}`;
  const name = first.length > MAX_NAME ? first.slice(0, MAX_NAME - 4) : first;
  if (!taken.has(name)) return name;
  for (let nth = 2; ; nth += 1) if (!taken.has(`${name}_${nth}`)) return `${name}_${nth}`;
}

const UNREACHABLE: Readonly<Record<string, string>> = { '?': 'a query', '#': 'a fragment' };
