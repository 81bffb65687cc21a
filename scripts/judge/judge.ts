import { type Document, type Found, type Method, methodsFor, type Parameter } from './document.ts';
import { isObject, judgeValue, type Problem } from './values.ts';

/** A request and its answer as they were on the wire. */
export interface Exchange {
  /** The host that it was for, e.g. `run.googleapis.com`; empty where nothing answers that path. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly agent: string;
  readonly type: string;
  readonly request: string;
  readonly status: number;
  readonly answerType: string;
  readonly answer: string;
  readonly source: string;
  readonly isFault: boolean;
}

/** What an exchange has wrong, and who does. */
export interface Violation extends Problem {
  /** `client`: what was sent. `cloud`: what was answered, or that what was sent was taken. */
  readonly by: 'client' | 'cloud';
}

/**
 * Judges an exchange by what Google publishes of the API, and by nothing else. Tests send wrong requests on purpose: they must be refused.
 * A client that is to be judged must send none.
 *
 * @param documents the discovery documents of all APIs
 * @param isJudged whether a wrong request is the client's fault, whatever it is answered
 * @returns undefined for a host of no document
 */
export function judge(
  exchange: Exchange,
  documents: readonly Document[],
  isJudged: (agent: string) => boolean,
): readonly Violation[] | undefined {
  const { host, method, status, agent, isFault } = exchange;
  const url = new URL(exchange.path, 'http://host');
  const own = documents.filter(({ rootUrl }) => new URL(rootUrl).hostname === host);
  if (own.length === 0) return undefined;
  const found = own.flatMap((document) => methodsFor(document, method, url.pathname));
  const violations: Violation[] = [];
  // Several methods may share a path: a request is for the one that it fits best.
  const asked = found
    .map((one) => ({ one, problems: [...requestProblems(exchange, url, one)] }))
    .toSorted((one, other) => one.problems.length - other.problems.length)[0];
  const problems = asked ? asked.problems : [{ kind: 'no such method', detail: `${method} ${url.pathname}` }];
  const isTaken = status < 300 && !isFault;
  for (const problem of problems) {
    if (isJudged(agent)) violations.push({ ...problem, by: 'client' });
    // What is output only is ignored (https://google.aip.dev/203).
    if (isTaken && problem.kind !== 'output-only field')
      violations.push({ ...problem, kind: `takes: ${problem.kind}`, by: 'cloud' });
  }
  if (!isFault)
    for (const problem of answerProblems(exchange, asked?.one)) violations.push({ ...problem, by: 'cloud' });
  return violations;
}

function* requestProblems(
  { type, request }: Exchange,
  url: URL,
  { document, method }: Found,
): Generator<Problem> {
  yield* queryProblems(url, document, method);
  if (request.trim() === '') {
    if (method.request && /^(?:POST|PUT|PATCH)$/.test(method.httpMethod))
      yield* requiredProblems({}, document, method);
    return;
  }
  // A form is read as a query. Other types are taken for JSON.
  if (/^application\/x-www-form-urlencoded\b/.test(type))
    yield { kind: 'a body of another type', detail: type };
  const body = parsed(request);
  if (!method.request) {
    if (!isObject(body) || Object.keys(body).length > 0)
      yield { kind: 'a body where none is taken', detail: request.slice(0, 100) };
    return;
  }
  if (!isObject(body)) {
    yield { kind: 'a body that is no object', detail: request.slice(0, 100) };
    return;
  }
  yield* judgeValue(body, method.request, document, 'request');
  yield* requiredProblems(body, document, method);
}

/** What must be given, at the top of what is created. */
function* requiredProblems(
  body: Readonly<Record<string, unknown>>,
  { schemas }: Document,
  { httpMethod, request }: Method,
): Generator<Problem> {
  if (httpMethod === 'PATCH' || !request) return;
  for (const [name, { description = '', readOnly }] of Object.entries(
    schemas[request.$ref]?.properties ?? {},
  ))
    if (
      /^Required\./.test(description) &&
      !readOnly &&
      body[name] === undefined &&
      body[snake(name)] === undefined
    )
      yield { kind: 'a required field is not given', detail: name };
}

function* queryProblems({ searchParams }: URL, document: Document, method: Method): Generator<Problem> {
  const known = method.parameters ?? {};
  for (const [name, value] of searchParams) {
    if (document.parameters?.[name] ?? document.parameters?.[`$${name}`] ?? /^\$/.test(name)) continue;
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const parameter = known[name] ?? known[camel];
    if (parameter?.location !== 'query') yield { kind: 'unknown parameter', detail: `${name}=${value}` };
    else yield* parameterProblems(name, value, parameter, document, method);
  }
  for (const [name, { location, required, repeated }] of Object.entries(known)) {
    if (location !== 'query') continue;
    const given =
      searchParams.getAll(name).length + (snake(name) === name ? 0 : searchParams.getAll(snake(name)).length);
    if (required && given === 0) yield { kind: 'a required parameter is not given', detail: name };
    if (!repeated && given > 1) yield { kind: 'a parameter is there twice', detail: name };
  }
}

function* parameterProblems(
  name: string,
  value: string,
  parameter: Parameter,
  document: Document,
  method: Method,
): Generator<Problem> {
  const { type, format } = parameter;
  // A query has nothing but text.
  const isFlag = /^(?:true|false|t|f|yes|no|y|n|1|0)$/i.test(value);
  const read =
    type === 'boolean'
      ? isFlag
        ? true
        : value
      : parameter.enum && /^\d+$/.test(value)
        ? Number(value)
        : value;
  yield* judgeValue(read, parameter, document, 'request', name);
  if (format !== 'google-fieldmask' || !method.request || value === '*' || value === '') return;
  for (const path of value.split(',')) yield* maskProblems(path.trim(), method.request, document);
}

/** Each step of a path must be a field; what is below a map is its key. */
function* maskProblems(
  path: string,
  request: { readonly $ref: string },
  document: Document,
): Generator<Problem> {
  let schema = document.schemas[request.$ref];
  for (const step of path.split('.')) {
    if (!schema?.properties) return;
    const camel = step.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const field = schema.properties[step] ?? schema.properties[camel];
    if (!field) {
      yield { kind: 'the mask names no field', detail: path };
      return;
    }
    if (field.readOnly) yield { kind: 'the mask names what is output only', detail: path };
    schema = field.$ref ? document.schemas[field.$ref] : field;
  }
}

function* answerProblems(exchange: Exchange, found: Found | undefined): Generator<Problem> {
  const { status, answerType, answer } = exchange;
  if (status >= 400) {
    // Google's front end answers an unknown path, or too large a body, with a page.
    const isPage = /^text\/html\b/.test(answerType) && (!found || status === 413);
    if (!isPage) yield* errorProblems(exchange, found?.document);
    return;
  }
  if (!found) return;
  if (status !== 200) yield { kind: 'another status than 200', detail: String(status) };
  if (!/^application\/json\b/.test(answerType)) {
    yield { kind: 'an answer of another type', detail: answerType };
    return;
  }
  const { document, method } = found;
  const body = parsed(answer);
  if (!isObject(body)) yield { kind: 'an answer that is no object', detail: answer.slice(0, 100) };
  else if (method.response) {
    yield* judgeValue(body, method.response, document, 'answer');
    if (document.schemas[method.response.$ref]?.properties?.done && 'name' in body)
      yield* operationProblems(body);
  }
}

function* operationProblems(body: Readonly<Record<string, unknown>>): Generator<Problem> {
  const { done = false, error, response, metadata } = body;
  if (done && (error === undefined) === (response === undefined))
    yield { kind: 'an operation that is done has not one of error and response', detail: String(body.name) };
  if (!done && (error !== undefined || response !== undefined))
    yield { kind: 'an operation that is not done has a result', detail: String(body.name) };
  for (const [name, value] of Object.entries({ metadata, response }))
    if (isObject(value) && value['@type'] === undefined)
      yield { kind: `the ${name} of an operation has no @type`, detail: String(body.name) };
}

/** The HTTP status of each of google.rpc.Code's. */
const STATUS: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  UNKNOWN: 500,
  INTERNAL: 500,
  DATA_LOSS: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

function* errorProblems(
  { status, answer, answerType }: Exchange,
  document: Document | undefined,
): Generator<Problem> {
  if (!/^application\/json\b/.test(answerType)) {
    yield { kind: 'an error of another type', detail: `${status} ${answerType}` };
    return;
  }
  const body = parsed(answer);
  const error = isObject(body) && isObject(body.error) ? body.error : undefined;
  if (!error) {
    yield { kind: 'an error without `error`', detail: answer.slice(0, 100) };
    return;
  }
  const { code, message, status: name, details = [], ...others } = error;
  if (code !== status) yield { kind: "an error's code is not the status", detail: `${code} and ${status}` };
  // Older APIs, such as Compute Engine's, say a reason in `errors` and no status.
  const isOlder = name === undefined && Array.isArray(others.errors);
  if (!isOlder && STATUS[String(name)] !== status)
    yield { kind: "an error's status is not its code's", detail: `${name} and ${status}` };
  if (typeof message !== 'string' || message === '')
    yield { kind: 'an error without a message', detail: String(name) };
  if (status >= 500 && status !== 501 && status !== 503)
    yield { kind: 'an error of the server', detail: String(message).slice(0, 200) };
  for (const field of Object.keys(others))
    if (field !== 'errors') yield { kind: 'an unknown field of an error', detail: field };
  if (!Array.isArray(details)) yield { kind: 'details that are no list', detail: String(name) };
  else if (document)
    for (const detail of details) {
      if (!isObject(detail) || typeof detail['@type'] !== 'string')
        yield { kind: 'a detail without @type', detail: JSON.stringify(detail) };
      else
        yield* judgeValue(
          detail,
          { type: 'object', additionalProperties: { type: 'any' } },
          document,
          'answer',
          'details',
        );
    }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
