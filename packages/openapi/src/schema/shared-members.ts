import { asObject, asTexts, type Json, type JsonObject, own, sameJson } from '../json.ts';
import { follow } from '../model/document.ts';
import { below, type Place } from '../place.ts';
import type { SchemaScope } from './scope.ts';
import type { Branch } from './union.ts';

/** The properties that all members of a union of objects have, and describe the same. */
export function sharedMembers(
  branches: readonly Branch[],
  at: Place,
  scope: SchemaScope,
  convert: (value: Json | undefined, place: Place, scope: SchemaScope) => JsonObject,
): JsonObject {
  if (within.has(scope)) return {};
  const members = branches.map(({ value, index }) => follow(scope.document, value, below(at, index)));
  const [first, ...others] = members.map((member) => asObject(own(member?.object, 'properties')));
  const home = members[0]?.place;
  if (first === undefined || home === undefined) return {};
  const names = Object.keys(first).filter((name) =>
    others.every((other) => own(other, name) !== undefined && sameJson(own(other, name), first[name])),
  );
  if (names.length === 0) return {};
  within.add(scope);
  const properties = names.map((name) => [
    name,
    convert(first[name], below(below(home, 'properties'), name), scope),
  ]);
  within.delete(scope);
  const required = names.filter((name) =>
    members.every((member) => asTexts(own(member?.object, 'required')).includes(name)),
  );
  return { properties: Object.fromEntries(properties), ...(required.length === 0 ? {} : { required }) };
}

/** Unions within the properties that the members of a union share say their type only: they may lead back to it. */
const within = new WeakSet<SchemaScope>();
