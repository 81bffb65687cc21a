import type { Report } from '../diagnostic.ts';
import { asList, asObject, asTexts, inWords, type JsonObject, own } from '../json.ts';
import type { EmitOptions } from '../options.ts';
import { below, type Place, ROOT } from '../place.ts';
import { exposure } from './backends/exposure.ts';
import { type ApiDocument, follow } from './document.ts';
import type { Draft } from './draft.ts';
import { catchAll } from './routes/catch-all.ts';
import { resolveCollision } from './routes/collision.ts';
import { type Parameter, readParameters } from './routes/parameter.ts';
import { preflights } from './routes/preflight.ts';
import {
  parseTemplate,
  type Segment,
  type Template,
  variablesOf,
  withNamedPatterns,
  withoutSlash,
  writeTemplate,
} from './routes/template.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const UNROUTED = ['trace', 'query', 'additionalOperations'];

/** The operations of a document that the gateway can route, in the document's order, preflight operations included. */
export function readDrafts(document: ApiDocument, options: EmitOptions, report: Report): readonly Draft[] {
  const paths = asObject(own(document.root, 'paths')) ?? {};
  const drafts = new Map<string, Draft & { readonly written: string }>();
  const { exposes, unmatched: unmatchedPatterns } = exposure(options.expose);
  const unmatched = new Set((options.wildcards ?? []).map(withoutSlash));
  for (const written of Object.keys(paths)) {
    if (written.startsWith('x-')) continue;
    const itemPlace = below('#/paths', written);
    const item = follow(document, paths[written], itemPlace);
    if (item === undefined) {
      report('invalid-value', itemPlace, `The path ${written} is not an object.`);
      continue;
    }
    for (const method of UNROUTED) {
      if (own(item.object, method) === undefined) continue;
      report('method-dropped', below(item.place, method), `${method.toUpperCase()} ${written} is left out.`);
    }
    const operations = operationsOf(item.object, item.place, report).filter(
      ({ method, operation, place }) => {
        if (exposes(written, asTexts(own(operation, 'tags')))) return true;
        report('not-exposed', place, `${method.toUpperCase()} ${written} is left out.`);
        return false;
      },
    );
    if (operations.length === 0) continue;
    const template = readTemplate(written, itemPlace, document, item.object, unmatched, options, report);
    if (template === undefined) continue;
    for (const { method, operation, place } of operations) {
      const parameters = renameVariables(
        readParameters(document, item.object, item.place, operation, place, report),
        template,
      );
      const draft = {
        method,
        path: writeTemplate(template, 'plain'),
        template,
        operation,
        place,
        parameters,
        item,
        written,
        open: false,
      };
      const key = `${method} ${writeTemplate(template, 'erased')}`;
      const rival = drafts.get(key);
      if (rival === undefined) drafts.set(key, draft);
      else drafts.set(key, resolveCollision(rival, draft, report));
    }
  }
  for (const path of unmatched) report('wildcard-unmatched', ROOT, `The document has no path ${path}.`);
  const idle = unmatchedPatterns();
  for (const pattern of idle.exclude)
    report(
      'exclusion-unmatched',
      ROOT,
      `No operation of the document matches !${pattern}, so it leaves nothing out.`,
    );
  for (const pattern of idle.include)
    report('inclusion-unmatched', ROOT, `No operation of the document matches ${pattern}.`);
  const found = [...drafts.values()];
  for (const draft of found) reportSlash(draft, report);
  if (found.length === 0)
    report('no-paths', below(ROOT, 'paths'), 'The document has no operation for the gateway.');
  // The 2.0 dialect says it in a word.
  const isWord = options.dialect === 'swagger2';
  const rest = own(document.root, 'x-google-allow') === 'all' && !isWord ? catchAll(found) : [];
  return inOrder([...found, ...rest, ...(options.cors === true ? preflights(found) : [])]);
}

/** Paths in the order of the document, the methods of a path in a fixed one. */
function inOrder(drafts: readonly Draft[]): readonly Draft[] {
  const ranks = new Map<string, number>();
  for (const { path } of drafts) if (!ranks.has(path)) ranks.set(path, ranks.size);
  const rank = ({ path, method }: Draft): number =>
    (ranks.get(path) ?? 0) * METHODS.length + METHODS.indexOf(method);
  return [...drafts].sort((a, b) => rank(a) - rank(b));
}

function operationsOf(
  item: JsonObject,
  itemPlace: Place,
  report: Report,
): { readonly method: string; readonly operation: JsonObject; readonly place: Place }[] {
  return METHODS.flatMap((method) => {
    const value = own(item, method);
    if (value === undefined) return [];
    const place = below(itemPlace, method);
    const operation = asObject(value);
    if (operation !== undefined && typeof own(operation, '$ref') !== 'string')
      return [{ method, operation, place }];
    report('invalid-value', place, `The operation ${method} is not an object.`);
    return [];
  });
}

function readTemplate(
  written: string,
  place: Place,
  document: ApiDocument,
  item: JsonObject,
  unmatched: Set<string>,
  options: EmitOptions,
  report: Report,
): Template | undefined {
  const parsed = parseTemplate(written);
  if ('code' in parsed) {
    report(parsed.code, place, parsed.message);
    return undefined;
  }
  const template = options.dialect === 'swagger2' ? parsed : withNamedPatterns(parsed);
  const plain = [withoutSlash(written), writeTemplate(template, 'plain')];
  const hinted = (options.wildcards ?? []).some((path) => plain.includes(withoutSlash(path)));
  for (const path of plain) unmatched.delete(path);
  const whole = hinted || saysWildcard(document, item);
  for (const { code, message } of template.readings)
    if (!whole || code !== 'path-narrowed') report(code, place, message);
  for (const { from, to } of template.renamed)
    if (!template.readings.some(({ message }) => message.startsWith(`{${from}} `)))
      report('path-variable-renamed', place, `The variable {${from}} of ${written} is called ${to}.`);
  if (!whole) return template;
  const last = template.segments.at(-1);
  if (last?.kind === 'literal' && last.text === '*') {
    const everything: Segment = { kind: 'literal', text: '**' };
    return { ...template, segments: [...template.segments.slice(0, -1), everything] };
  }
  if (last?.kind !== 'variable') {
    report('wildcard-invalid', place, `The path ${written} does not end in a variable.`);
    return template;
  }
  const wildcard: Segment = { ...last, wildcard: true };
  return { ...template, segments: [...template.segments.slice(0, -1), wildcard] };
}

/** The parameters under the names that the path has for them. */
function renameVariables(
  parameters: readonly Parameter[],
  { renamed, segments }: Template,
): readonly Parameter[] {
  if (renamed.length === 0) return parameters;
  const kept = new Set(variablesOf(segments));
  return parameters.map((parameter) => {
    const { object } = parameter;
    const to = renamed.find(({ from }) => from === object.name)?.to;
    if (object.in !== 'path' || to === undefined || kept.has(inWords(object.name))) return parameter;
    const named = { ...object, name: to };
    return { ...parameter, object: named, written: named };
  });
}

/** `x-google-parameter: {pattern: '**'}` on a path parameter is how OpenAPI 3 says `{name=**}`. */
function saysWildcard(document: ApiDocument, item: JsonObject): boolean {
  const holders = [item, ...METHODS.flatMap((method): JsonObject[] => listOf(asObject(own(item, method))))];
  return holders.some((holder) =>
    asList(own(holder, 'parameters')).some((value) => {
      const parameter = follow(document, value, ROOT)?.object;
      return parameter?.in === 'path' && asObject(own(parameter, 'x-google-parameter'))?.pattern === '**';
    }),
  );
}

function reportSlash(draft: Draft & { readonly written: string }, report: Report): void {
  const { written, place, path } = draft;
  if (written === '/' || !written.endsWith('/')) return;
  const method = draft.method.toUpperCase();
  report(
    'trailing-slash',
    place,
    `${method} ${written} is served as ${path}: ${written} is passed on as it is, ${path} too, so the backend may answer it with a redirect to its own address, where callers get 403 if it takes only the gateway.`,
  );
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
