import type { Document, Found } from './document.ts';
import type { Exchange } from './exchange.ts';
import { isObject, judgeValue, type Problem, parsed } from './values.ts';

/** What is wrong with an answer, of the method that was asked for where there is one. */
export function* answerProblems(exchange: Exchange, found: Found | undefined): Generator<Problem> {
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
