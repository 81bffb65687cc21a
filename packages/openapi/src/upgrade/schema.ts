import { asObject, asText, type Json, type JsonObject } from '../json.ts';

/** A 2.0 schema as one of 3.0: references move, `x-nullable` and `discriminator` take their new form. */
export function upgradeSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(upgradeSchema);
  const schema = asObject(value);
  if (schema === undefined) return value;
  const out: JsonObject = {};
  for (const [key, member] of Object.entries(schema)) {
    if (key === '$ref' && typeof member === 'string') out.$ref = upgradeReference(member);
    else if (key === 'x-nullable') {
      if (member === true) out.nullable = true;
    } else if (key === 'discriminator' && typeof member === 'string')
      out.discriminator = { propertyName: member };
    else if (key === 'x-deprecated' && member === true) out.deprecated = true;
    else if (key === 'x-writeOnly' && member === true) out.writeOnly = true;
    else if (key === 'properties') out.properties = upgradeEach(member);
    else if (key === 'items' || key === 'additionalProperties' || key === 'allOf')
      out[key] = upgradeSchema(member);
    else if (key === 'type' && member === 'file') Object.assign(out, { type: 'string', format: 'binary' });
    else out[key] = member;
  }
  return out;
}

/** A reference into a 2.0 document as one into a 3.0 document. */
function upgradeReference(reference: string): string {
  return reference
    .replace(/^#\/definitions\//, '#/components/schemas/')
    .replace(/^#\/(parameters|responses)\//, '#/components/$1/');
}

/** A reference object with its reference moved, or undefined when the value is no reference. */
export function referenceOf(value: Json): JsonObject | undefined {
  const reference = asText(asObject(value)?.$ref);
  return reference === undefined ? undefined : { $ref: upgradeReference(reference) };
}

function upgradeEach(value: Json): Json {
  const object = asObject(value);
  if (object === undefined) return value;
  return Object.fromEntries(Object.entries(object).map(([name, schema]) => [name, upgradeSchema(schema)]));
}
