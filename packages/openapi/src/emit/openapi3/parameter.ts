import type { Report } from '../../diagnostic.ts';
import { asObject, asText, type Json, type JsonObject, own } from '../../json.ts';
import { type ApiDocument, follow } from '../../model/document.ts';
import type { Plan } from '../../model/plan.ts';
import { namesVariable, type Route, undeclaredVariables } from '../../model/routes/route.ts';
import type { Place } from '../../place.ts';
import type { References } from './references.ts';

/** The parameters of a route as they are written, those of the path whole strings, and all of the path declared. */
export function writeParameters(plan: Plan, route: Route, references: References, report: Report): Json[] {
  const wildcard = route.template.segments.find((segment) => segment.kind === 'variable' && segment.wildcard);
  const written = route.parameters.flatMap(({ object, place, written: value }): Json[] => {
    if (object.in === 'path' && !namesVariable(route, object)) {
      report(
        'path-parameter-unused',
        place,
        `The parameter ${asText(object.name)} is left out: the path does not name it.`,
      );
      return [];
    }
    if (object.in === 'path' && wildcard?.kind === 'variable' && wildcard.name === object.name) {
      const whole = asObject(references.rewrite(object, place)) ?? {};
      return [{ ...whole, required: true, 'x-google-parameter': { pattern: '**' } }];
    }
    if (object.in === 'path' && isComposite(plan.document, object, place)) {
      report('parameter-simplified', place, `The list or object ${asText(object.name)} becomes a string.`);
      const {
        schema: _,
        content: __,
        style: ___,
        explode: ____,
        ...rest
      } = asObject(references.rewrite(object, place)) ?? {};
      return [{ ...rest, required: true, schema: { type: 'string' } }];
    }
    if (object.in === 'path' && object.required !== true) {
      return [{ ...(asObject(references.rewrite(object, place)) ?? {}), required: true }];
    }
    // A reference keeps its place below `parameters`, which tells what kind of thing it stands for.
    const at = value === object ? place : `${route.place}/parameters/0`;
    return [references.rewrite(value, at)];
  });
  for (const name of undeclaredVariables(route)) {
    report('path-variable-added', route.place, `The path variable ${name} is declared as a string.`);
    const pattern: JsonObject =
      wildcard?.kind === 'variable' && wildcard.name === name
        ? { 'x-google-parameter': { pattern: '**' } }
        : {};
    written.push({ name, in: 'path', required: true, schema: { type: 'string' }, ...pattern });
  }
  return written;
}

/** Google maps a path variable to one field of a message, which neither a list nor an object is. */
function isComposite(document: ApiDocument, parameter: JsonObject, place: Place): boolean {
  const type = follow(document, own(parameter, 'schema'), place)?.object.type;
  return [type].flat().some((name) => name === 'array' || name === 'object');
}
