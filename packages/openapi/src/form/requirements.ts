import { asObject, type Json, type JsonObject, own } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { below, type Place } from '../place.ts';
import { quoted, type Say } from './say.ts';
import { schemeNames } from './schemes.ts';

/** Whose requirements they are, and what is in doubt when they are malformed. */
export interface Holder {
  /** As messages say it: `GET /a`, `the document`. */
  readonly label: string;
  readonly place: Place;
  readonly doubt: Place;
}

/** Checks `security` and `x-security` of the root or of an operation. */
export function checkRequirements(document: ApiDocument, object: JsonObject, holder: Holder, say: Say): void {
  const security = own(object, 'security');
  if (security !== undefined) checkSecurity(document, security, below(holder.place, 'security'), holder, say);
  const extension = own(object, 'x-security');
  if (extension !== undefined) checkXSecurity(document, extension, holder, say);
}

/**
 * Checks a list of security requirements: objects that map schemes to lists of scopes
 * (https://spec.openapis.org/oas/v3.1.1#security-requirement-object).
 */
export function checkSecurity(
  document: ApiDocument,
  value: Json,
  place: Place,
  { label, doubt }: Holder,
  say: Say,
): void {
  const hint = `Write a list of objects, each mapping schemes to lists of scopes:\nsecurity:\n  - ${schemeIn(value) ?? anyScheme(document)}: []`;
  const fault = (at: Place, message: string): void => say('security-form', at, message, { hint, doubt });
  if (!Array.isArray(value)) {
    fault(place, `The security of ${label} is ${quoted(value)}; it must be a list of objects.`);
    return;
  }
  value.forEach((item, index) => {
    const at = below(place, index);
    const requirement = asObject(item);
    if (requirement === undefined) {
      fault(at, `The security of ${label} lists ${quoted(item)}; each of its items must be an object.`);
      return;
    }
    for (const [name, scopes] of Object.entries(requirement)) {
      const wrong = !Array.isArray(scopes) || scopes.some((scope) => typeof scope !== 'string');
      if (wrong)
        fault(
          below(at, name),
          `The security of ${label} maps ${name} to ${quoted(scopes)}; it must be a list of scopes, which are strings, or [].`,
        );
    }
  });
}

/**
 * Checks Google's older way to ask for a JWT, which 2.0 has and 3.x is translated to: a list of objects that map schemes to the audiences
 * that are accepted (https://github.com/googleapis/api-compiler, AuthRuleGenerator.java).
 */
function checkXSecurity(document: ApiDocument, value: Json, { label, place, doubt }: Holder, say: Say): void {
  const at = below(place, 'x-security');
  const name = schemeIn(value) ?? anyScheme(document);
  const hint = `Write a list of objects:\nx-security:\n  - ${name}:\n      audiences: [AUDIENCE]`;
  const fault = (where: Place, message: string): void =>
    say('security-form', where, message, { hint, doubt });
  if (!Array.isArray(value)) {
    fault(at, `The x-security of ${label} is ${quoted(value)}; it must be a list of objects.`);
    return;
  }
  if (value.length === 0) {
    fault(at, `The x-security of ${label} is empty, so it protects nothing.`);
    return;
  }
  value.forEach((item, index) => {
    const itemPlace = below(at, index);
    const entries = Object.entries(asObject(item) ?? {});
    if (entries.length !== 1) {
      fault(
        itemPlace,
        `The x-security of ${label} lists ${quoted(item)}; each of its items must be an object of one scheme.`,
      );
      return;
    }
    for (const [scheme, fields] of entries) {
      const definition = schemeOf(document, scheme);
      if (definition?.type === 'apiKey')
        fault(
          below(itemPlace, scheme),
          `The x-security of ${label} names ${scheme}, an API key; only tokens have audiences.`,
        );
      const audiences = own(asObject(fields), 'audiences');
      const only = Object.keys(asObject(fields) ?? {}).every((key) => key === 'audiences');
      const texts =
        Array.isArray(audiences) &&
        audiences.every((audience) => typeof audience === 'string' && audience !== '');
      if (!only || !texts)
        fault(
          below(itemPlace, scheme),
          `The x-security of ${label} maps ${scheme} to ${quoted(fields)}; it must be an object with the list \`audiences\`.`,
        );
    }
  });
}

function schemeOf(document: ApiDocument, name: string): JsonObject | undefined {
  const components = asObject(own(document.root, 'components'));
  const [holder, key] =
    document.version === '2.0' ? [document.root, 'securityDefinitions'] : [components, 'securitySchemes'];
  return follow(document, own(asObject(own(holder, key)), name), '#')?.object;
}

/** The scheme that somebody had in mind. */
function schemeIn(value: Json): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (Array.isArray(value)) return value.map(schemeIn).find((name) => name !== undefined);
  return Object.keys(asObject(value) ?? {})[0];
}

function anyScheme(document: ApiDocument): string {
  return [...schemeNames(document)][0] ?? 'SCHEME';
}
