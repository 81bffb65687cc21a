import { asList, asObject, asText, inWords, type Json, own, sameJson } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { below, type Place } from '../place.ts';
import type { Say } from './change.ts';
import { compareDiscriminators } from './discriminator.ts';
import { compareLimits } from './limits.ts';
import { type View, view } from './view.ts';

/** A schema and where it stands; without one, anything goes. */
export interface Schema {
  readonly document: ApiDocument;
  readonly value: Json | undefined;
  readonly place: Place;
}

/**
 * Compares what callers send (`request`: what is asked of them may not grow) or get (`response`: what they were promised
 * may not shrink), from a schema to those within it.
 */
export function compareSchemas(
  before: Schema,
  after: Schema,
  way: 'request' | 'response',
  label: string,
  say: Say,
): void {
  new Comparison(way, say).compare(before, after, label);
}

class Comparison {
  readonly #way: 'request' | 'response';
  readonly #say: Say;
  readonly #seen = new Set<string>();

  constructor(way: 'request' | 'response', say: Say) {
    this.#way = way;
    this.#say = say;
  }

  compare(before: Schema, after: Schema, label: string): void {
    const [old, now] = [view(before), view(after)];
    // Schemas that refer to themselves lead back to where they were compared.
    const key = `${old.place} ${now.place}`;
    if (this.#seen.has(key) || (before.document === after.document && old.place === now.place)) return;
    this.#seen.add(key);
    this.#types(old, now, label);
    this.#values(old, now, label);
    compareLimits(old.object, now.object, this.#way, label, (text, breaking) =>
      this.#say(now.place, text, breaking),
    );
    this.#properties(before, after, old, now, label);
    this.#within(old, now, 'items', `${label}[]`, before, after);
    this.#additional(old, now, label, before, after);
    compareDiscriminators(old.object, now.object, this.#way, label, (text, breaking) =>
      this.#say(below(now.place, 'discriminator'), text, breaking),
    );
    for (const union of ['oneOf', 'anyOf'] as const) this.#members(old, now, union, label, before, after);
    this.#seen.delete(key);
  }

  #types(old: View, now: View, label: string): void {
    const [from, to] = [old.types, now.types];
    if (from?.join() === to?.join()) return;
    const [wide, narrow] = this.#way === 'request' ? [to, from] : [from, to];
    const covers = (type: string): boolean =>
      wide?.includes(type) === true || (type === 'integer' && wide?.includes('number') === true);
    const breaking = wide !== undefined && (narrow === undefined || !narrow.every(covers));
    const words = (types: readonly string[] | undefined): string => types?.join(' or ') ?? 'anything';
    this.#say(now.place, `${label}: ${words(from)} → ${words(to)}`, breaking);
  }

  #values(old: View, now: View, label: string): void {
    const [from, to] = [old.values, now.values];
    if (sameJson(from as Json, to as Json)) return;
    const isRequest = this.#way === 'request';
    if (from === undefined || to === undefined) {
      if (from === to) return;
      const text = to === undefined ? 'any value' : `one of ${to.map(inWords).join(', ')}`;
      this.#say(now.place, `${label}: ${text} now`, isRequest ? to !== undefined : to === undefined);
      return;
    }
    for (const value of from)
      if (!to.some((other) => sameJson(other, value)))
        this.#say(now.place, `${label}: value ${inWords(value)} removed`, isRequest);
    for (const value of to)
      if (!from.some((other) => sameJson(other, value)))
        this.#say(now.place, `${label}: value ${inWords(value)} added`, !isRequest);
  }

  #properties(before: Schema, after: Schema, old: View, now: View, label: string): void {
    const isRequest = this.#way === 'request';
    // Callers neither send what is only read, nor get what is only written.
    const hidden = isRequest ? 'readOnly' : 'writeOnly';
    const isHidden = ({ document }: Schema, value: Json | undefined): boolean =>
      own(follow(document, value, '#')?.object, hidden) === true;
    for (const [name, { value, place }] of old.properties) {
      const other = now.properties.get(name);
      const path = label === '' ? name : `${label}.${name}`;
      const was = old.required.has(name);
      if (other === undefined) {
        if (!isHidden(before, value)) this.#say(place, `${path}: removed`, true);
        continue;
      }
      if (isHidden(before, value) && isHidden(after, other.value)) continue;
      const is = now.required.has(name);
      if (was !== is)
        this.#say(
          other.place,
          `${path}: ${is ? 'required' : 'optional'} now`,
          isRequest ? is && !hasDefault(after, other.value) : was,
        );
      this.compare({ ...before, value, place }, { ...after, ...other }, path);
    }
    for (const [name, { value, place }] of now.properties) {
      if (old.properties.has(name) || isHidden(after, value)) continue;
      const is = now.required.has(name);
      const breaking = isRequest && is && !hasDefault(after, value);
      this.#say(
        place,
        `${label === '' ? name : `${label}.${name}`}: added${is ? ', required' : ''}`,
        breaking,
      );
    }
    for (const name of now.required)
      if (!now.properties.has(name) && !old.required.has(name) && !old.properties.has(name))
        this.#say(now.place, `${label}.${name}: required now`, isRequest);
  }

  #within(old: View, now: View, key: string, label: string, before: Schema, after: Schema): void {
    const [from, to] = [own(old.object, key), own(now.object, key)];
    if (from === undefined && to === undefined) return;
    this.compare(
      { ...before, value: from, place: below(old.place, key) },
      { ...after, value: to, place: below(now.place, key) },
      label,
    );
  }

  #additional(old: View, now: View, label: string, before: Schema, after: Schema): void {
    const [from, to] = [own(old.object, 'additionalProperties'), own(now.object, 'additionalProperties')];
    const [wasShut, isShut] = [from === false, to === false];
    if (wasShut !== isShut)
      this.#say(
        now.place,
        `${label}: ${isShut ? 'no other' : 'other'} properties now`,
        this.#way === 'request' && isShut,
      );
    else if (asObject(from) !== undefined && asObject(to) !== undefined)
      this.#within(old, now, 'additionalProperties', `${label}.*`, before, after);
  }

  /** The members of a union, told apart by what they refer to or say. */
  #members(old: View, now: View, key: 'oneOf' | 'anyOf', label: string, before: Schema, after: Schema): void {
    const [from, to] = [asList(own(old.object, key)), asList(own(now.object, key))];
    if (from.length === 0 && to.length === 0) return;
    const isRequest = this.#way === 'request';
    const rest = to.map((value, index) => ({ value, index }));
    const lost: Json[] = [];
    for (const [index, value] of from.entries()) {
      const found = rest.findIndex((other) => nameOf(other.value) === nameOf(value));
      if (found < 0) {
        lost.push(value);
        continue;
      }
      const [other] = rest.splice(found, 1);
      if (other !== undefined)
        this.compare(
          { ...before, value, place: below(below(old.place, key), index) },
          { ...after, value: other.value, place: below(below(now.place, key), other.index) },
          label,
        );
    }
    const at = below(now.place, key);
    for (const value of lost)
      this.#say(
        at,
        `${label}: ${key} ${nameOf(value)} removed`,
        isRequest ? to.length > 0 : from.length > 0 && to.length === 0,
      );
    for (const { value } of rest)
      this.#say(
        at,
        `${label}: ${key} ${nameOf(value)} added`,
        isRequest ? from.length === 0 : from.length > 0 || to.length > 0,
      );
  }
}

function nameOf(value: Json): string {
  const object = asObject(value);
  const title = asText(object?.$ref)?.split('/').at(-1) ?? asText(object?.title);
  if (title !== undefined) return title;
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function hasDefault({ document }: Schema, value: Json | undefined): boolean {
  return own(follow(document, value, '#')?.object, 'default') !== undefined;
}
