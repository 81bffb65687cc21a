import { arrayOr, isObject, type JsonObject } from '../json.ts';
import { pointerTo, type SchemaReport } from './report.ts';

/** Validates a `security` of any version: a list of objects whose members are lists of strings. */
export function validateSecurity(report: SchemaReport, value: unknown, pointer: string): void {
  if (value === undefined || !report.type(value, pointer, ['array'])) return;
  arrayOr(value).forEach((requirement, index) => {
    const at = pointerTo(pointer, index);
    if (!report.object(requirement, at)) return;
    for (const [name, scopes] of Object.entries(requirement)) {
      const member = pointerTo(at, name);
      if (!report.type(scopes, member, ['array'])) continue;
      arrayOr(scopes).forEach((scope, nth) => {
        report.type(scope, pointerTo(member, nth), ['string']);
      });
    }
  });
}

const TYPES = ['apiKey', 'http', 'mutualTLS', 'oauth2', 'openIdConnect'];
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  apiKey: ['name', 'in'],
  http: ['scheme'],
  oauth2: ['flows'],
  openIdConnect: ['openIdConnectUrl'],
};

/** Validates 3.x's `components.securitySchemes`. One that nobody can read must not become one that nobody checks. */
export function validateSecuritySchemes(report: SchemaReport, document: JsonObject): void {
  const { components } = document;
  if (components === undefined || !report.object(components, '/components')) return;
  const { securitySchemes } = components;
  const pointer = '/components/securitySchemes';
  if (securitySchemes === undefined || !report.object(securitySchemes, pointer)) return;
  for (const [name, scheme] of Object.entries(securitySchemes))
    validateScheme(report, scheme, pointerTo(pointer, name));
}

function validateScheme(report: SchemaReport, scheme: unknown, pointer: string): void {
  if (!report.object(scheme, pointer) || typeof scheme.$ref === 'string') return;
  report.required(scheme, pointer, ['type']);
  if (scheme.type === undefined) return;
  report.oneOf(scheme.type, `${pointer}/type`, TYPES);
  report.required(scheme, pointer, REQUIRED[String(scheme.type)] ?? []);
  if (scheme.type === 'apiKey' && scheme.in !== undefined)
    report.oneOf(scheme.in, `${pointer}/in`, ['query', 'header', 'cookie']);
  for (const text of ['name', 'scheme', 'openIdConnectUrl'])
    if (scheme[text] !== undefined) report.type(scheme[text], pointerTo(pointer, text), ['string']);
  if (scheme.flows !== undefined) report.type(scheme.flows, `${pointer}/flows`, ['object']);
  if (scheme['x-google-auth'] !== undefined)
    validateProvider(report, scheme['x-google-auth'], `${pointer}/x-google-auth`);
}

function validateProvider(report: SchemaReport, value: unknown, pointer: string): void {
  if (!report.object(value, pointer)) return;
  for (const text of ['issuer', 'jwksUri'])
    if (value[text] !== undefined) report.type(value[text], pointerTo(pointer, text), ['string']);
  for (const list of ['audiences', 'jwtLocations'])
    if (value[list] !== undefined) report.type(value[list], pointerTo(pointer, list), ['array']);
  for (const [index, location] of arrayOr(value.jwtLocations).entries())
    if (!isObject(location)) report.type(location, `${pointer}/jwtLocations/${index}`, ['object']);
}
