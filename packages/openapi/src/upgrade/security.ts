import { asObject, inWords, type Json, type JsonObject, own } from '../json.ts';

const FLOWS: Readonly<Record<string, string>> = {
  implicit: 'implicit',
  password: 'password',
  application: 'clientCredentials',
  accessCode: 'authorizationCode',
};

/** A 2.0 security definition as a 3.0 security scheme. Who issues its tokens stands in x-google-* fields, which stay. */
export function upgradeSecurity(value: Json): Json {
  const scheme = asObject(value);
  if (scheme === undefined) return value;
  if (scheme.type === 'basic') {
    const { type: _, ...rest } = scheme;
    return { type: 'http', scheme: 'basic', ...rest };
  }
  if (scheme.type !== 'oauth2') return scheme;
  const { flow, authorizationUrl, tokenUrl, scopes, ...rest } = scheme;
  const name = own(FLOWS, inWords(flow)) ?? 'implicit';
  const details: JsonObject = {
    ...(name === 'implicit' || name === 'authorizationCode'
      ? { authorizationUrl: authorizationUrl ?? '' }
      : {}),
    ...(name === 'implicit' ? {} : { tokenUrl: tokenUrl ?? '' }),
    scopes: scopes ?? {},
  };
  return { ...rest, flows: { [String(name)]: details } };
}
