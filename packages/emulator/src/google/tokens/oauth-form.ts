import { ApiError, type Detail } from '../../kernel/errors.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';

/** A token request is not of the form that RFC 6749 asks for. */
export class OAuthError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, description: string, status = 400) {
    super(description);
    this.code = code;
    this.status = status;
  }

  /** RFC 6749, section 5.2. */
  get reply(): Reply {
    return { status: this.status, body: { error: this.code, error_description: this.message } };
  }
}

export type OAuthFields = Readonly<Record<string, string | undefined>>;

/**
 * The fields of a token request, by their names in RFC 6749: a form, or JSON, in which Google's REST clients write camelCase and
 * protobuf's own names count too (https://protobuf.dev/programming-guides/json/). A field that is empty is one that is not there.
 *
 * @param known the names that JSON may hold, where the endpoint is an API's method
 * @throws OAuthError for a field that is there twice (RFC 6749, section 3.2), ApiError for JSON that is no such message
 */
export function oauthFields(call: Call, known?: readonly string[]): OAuthFields {
  const text = call.body.toString('utf8');
  const fields = call.headers['content-type']?.includes('json') ? jsonFields(text, known) : formFields(text);
  return Object.fromEntries([...fields].filter(([, value]) => value !== ''));
}

/** A token endpoint's refusal (RFC 6749 section 5.2). */
export function refuse(error: string, description: string, status = 400): Reply {
  return new OAuthError(error, description, status).reply;
}

function formFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    // The words are ours.
    if (fields.has(name))
      throw new OAuthError('invalid_request', `Parameter "${name}" is there more than once.`);
    fields.set(name, value);
  }
  return fields;
}

function jsonFields(text: string, known: readonly string[] | undefined): Map<string, string> {
  const value: unknown = JSON.parse(text || '{}');
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidJson('Root element must be a message.', '');
  const fields = new Map<string, string>();
  for (const [given, field] of Object.entries(value)) {
    const name = given.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (known && !known.includes(name)) throw invalidJson(`Unknown name "${given}": Cannot find field.`, '');
    if (field === null) continue;
    if (typeof field !== 'string')
      throw new ApiError(
        'INVALID_ARGUMENT',
        `Invalid value at '${name}' (TYPE_STRING), ${JSON.stringify(field)}`,
        violation(name, `Invalid value at '${name}' (TYPE_STRING), ${JSON.stringify(field)}`),
      );
    fields.set(name, field);
  }
  return fields;
}

function invalidJson(what: string, field: string): ApiError {
  const description = `Invalid JSON payload received. ${what}`;
  return new ApiError('INVALID_ARGUMENT', description, violation(field, description));
}

function violation(field: string, description: string): Detail[] {
  const violations = [{ ...(field && { field }), description }];
  return [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: violations }];
}
