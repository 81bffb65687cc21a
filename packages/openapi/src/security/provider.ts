import { asList, asObject, asText, asTexts, type Json, type JsonObject, own } from '../json.ts';
import type { JwtMapping } from '../options.ts';

/** Who issues tokens, and where a caller puts them. */
export interface Provider {
  readonly issuer: string;
  readonly jwksUri?: string;
  readonly audiences: readonly string[];
  readonly locations: readonly JwtLocation[];
}

/** A header or a query parameter other than `Authorization: Bearer`. */
interface JwtLocation {
  readonly in: 'header' | 'query';
  readonly name: string;
  readonly valuePrefix?: string;
}

/** The provider that a mapping names, with what the scheme says of its tokens. */
export function fromMapping(mapping: JwtMapping, source: JsonObject): Provider {
  const { issuer, jwksUri } = mapping;
  const { audiences: own, locations: stated } = ownParts(source);
  // Who wants the audiences of the document replaced says by which.
  const audiences = mapping.audiences ?? own ?? [];
  const locations = stated ?? keyLocation(source);
  return { issuer, ...(jwksUri === undefined ? {} : { jwksUri }), audiences, locations };
}

/** A token declared as an API key in a header of its own is looked for there. */
function keyLocation(source: JsonObject): readonly JwtLocation[] {
  const name = asText(source.name);
  if (source.type !== 'apiKey' || name === undefined || name.toLowerCase() === 'authorization') return [];
  return source.in === 'header' || source.in === 'query' ? [{ in: source.in, name }] : [];
}

/** The provider a document names itself. */
export function ownProvider(source: JsonObject): Provider | undefined {
  const { issuer, jwksUri, audiences = [], locations = [] } = ownParts(source);
  if (issuer === undefined) return undefined;
  return { issuer, ...(jwksUri === undefined ? {} : { jwksUri }), audiences, locations };
}

/**
 * What a scheme says of its tokens, in `x-google-auth` (3.x), in `x-google-issuer` and its kin (2.0; `x-issuer` of old),
 * or in both: what one leaves out, the other may say. That they do not contradict each other was checked with their form.
 */
function ownParts(source: JsonObject): Partial<Provider> {
  const auth = asObject(own(source, 'x-google-auth'));
  const issuer = firstText(own(auth, 'issuer'), own(source, 'x-google-issuer'), own(source, 'x-issuer'));
  const jwksUri = firstText(
    own(auth, 'jwksUri'),
    own(source, 'x-google-jwks_uri'),
    own(source, 'x-jwks_uri'),
  );
  const audiences = [asTexts(own(auth, 'audiences')), splitAudiences(own(source, 'x-google-audiences'))].find(
    ({ length }) => length > 0,
  );
  const locations = [own(auth, 'jwtLocations'), own(source, 'x-google-jwt-locations')]
    .map((value) => asList(value).flatMap(readLocation))
    .find(({ length }) => length > 0);
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(audiences === undefined ? {} : { audiences }),
    ...(locations === undefined ? {} : { locations }),
  };
}

function firstText(...values: readonly (Json | undefined)[]): string | undefined {
  return values.map(asText).find((text) => text !== undefined);
}

function splitAudiences(value: Json | undefined): string[] {
  return (asText(value) ?? '')
    .split(',')
    .flatMap((audience) => (audience.trim() === '' ? [] : [audience.trim()]));
}

function readLocation(value: Json): JwtLocation[] {
  const fields = asObject(value);
  const place = fields?.header !== undefined ? 'header' : 'query';
  const name = asText(fields?.[place]);
  if (fields === undefined || name === undefined) return [];
  const valuePrefix = asText(fields.valuePrefix) ?? asText(fields.value_prefix);
  return [{ in: place, name, ...(valuePrefix === undefined ? {} : { valuePrefix }) }];
}
