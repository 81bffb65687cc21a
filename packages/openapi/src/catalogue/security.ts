import { type Entries, error, note, warning } from './entry.ts';

/** Codes of who may call what. */
export const security = {
  'jwt-not-mapped': error(
    'A bearer, OpenID Connect or OAuth2 scheme without an issuer: the operations would be open.',
    'Map it: jwt SCHEME=ISSUER[,JWKS_URI[,AUDIENCES]], or pass it through to a backend that reads X-Forwarded-Authorization.',
  ),
  'api-key-place': error(
    'An API key in a place where API Gateway does not look.',
    'Use the query parameter `key` or the header x-api-key, or pass the scheme through to the backend explicitly.',
  ),
  'scheme-unsupported': error(
    'A security scheme API Gateway does not know.',
    'Use an API key or a JWT, or pass the scheme through to the backend explicitly.',
  ),
  'scheme-undefined': error(
    'A security requirement whose scheme is not defined.',
    'Define the scheme, or correct its name.',
  ),
  'api-key-or-other': error(
    'An API key as an alternative to something else: API Gateway would ask for no key.',
    'Require the key in every alternative, or in none. FastAPI writes required dependencies as alternatives: name them in `all_of`. If either will do, pass both through with `api_key: false`.',
  ),
  'jwt-and-jwt': error(
    'Two JWTs required at once.',
    'Keep one of the two schemes, make them alternatives, map both to one issuer, or pass one through.',
  ),
  'jwt-optional': warning(
    'An optional JWT becomes required: API Gateway cannot make it optional.',
    'Split the operation in two, or pass the scheme through to the backend.',
  ),
  'open-by-document': note(
    'An operation that the document leaves open with `security: []` or an optional key.',
    'Remove the empty security if the operation should be protected.',
  ),
  'open-operations': note(
    'Operations that anyone may call.',
    'Ask for an API key or a JWT if that is not what you want.',
  ),
  'passed-through': warning(
    'A scheme that only the backend checks.',
    'Map it to an issuer if the gateway should check it.',
  ),
  'authorization-overwritten': warning(
    'The gateway puts its own token in Authorization and moves the caller’s to X-Forwarded-Authorization.',
    'Let a middleware of the backend read X-Forwarded-Authorization (docs/openapi.md has one), or set disable_auth on the backend.',
  ),
  'scopes-ignored': warning('API Gateway does not check OAuth scopes.', 'Check the scopes in the backend.'),
  'api-key-moved': note(
    'The API key scheme is emitted as the dialect requires it; the gateway accepts `key`, `api_key` and x-api-key.',
    'Nothing to do.',
  ),
  'jwt-mapping-conflict': error(
    'A scheme with contradictory options.',
    'Keep one mapping for the scheme, or pass it through, not both.',
  ),
  'jwt-mapping-unfit': error(
    'A JWT mapping for a scheme whose callers send no token, such as HTTP basic.',
    'Map a bearer scheme, or pass this one through to the backend, and let callers send what the gateway checks.',
  ),
  'jwt-mapping-unused': warning(
    'A JWT mapping for a scheme the document does not have.',
    'Correct the name of the scheme.',
  ),
  'all-of-unused': warning(
    'Schemes of `all_of` that no operation has as alternatives.',
    'Correct the names of the schemes, or remove `all_of`.',
  ),
  'passthrough-unused': warning(
    'A pass-through for a scheme the document does not have.',
    'Correct the name of the scheme.',
  ),
} as const satisfies Entries;
