import { asText, inWords, own, sameJson } from '../json.ts';
import { below } from '../place.ts';
import type { Say } from './change.ts';
import { type Contract, type Part, partsOf } from './contract.ts';
import { compareSchemas } from './schema.ts';
import { compareScopes } from './scopes.ts';

/** Compares what two versions of an operation take and give. */
export function compareContracts(before: Contract, after: Contract, say: Say): void {
  compareScopes(before, after, say);
  compareParameters(before, after, say);
  compareBodies(before, after, say);
  compareResponses(before, after, say);
}

function compareParameters(before: Contract, after: Contract, say: Say): void {
  const key = ({ object }: Part): string => {
    const name = asText(own(object, 'name')) ?? '';
    return `${asText(own(object, 'in'))} ${object.in === 'header' ? name.toLowerCase() : name}`;
  };
  const variables = (contract: Contract): Part[] =>
    contract.parameters.filter(({ object }) => object.in === 'path');
  const others = (contract: Contract): Map<string, Part> =>
    new Map(
      contract.parameters.filter(({ object }) => object.in !== 'path').map((part) => [key(part), part]),
    );
  // What a variable of the path is called does not apply to a caller: its place tells which it is.
  const now = variables(after);
  for (const [index, old] of variables(before).entries()) {
    const same = now.find((part) => part.object.name === old.object.name) ?? now[index];
    if (same !== undefined) compareParameter(before, after, old, same, say);
  }
  const rest = others(after);
  for (const [id, old] of others(before)) {
    const same = rest.get(id);
    const label = labelOf(old);
    if (same === undefined) say(old.place, `${label}: removed`, false);
    else {
      const [was, is] = [old.object.required === true, same.object.required === true];
      if (was !== is) say(same.place, `${label}: ${is ? 'required' : 'optional'} now`, is);
      compareParameter(before, after, old, same, say);
    }
    rest.delete(id);
  }
  for (const part of rest.values()) {
    const required = part.object.required === true;
    say(part.place, `${labelOf(part)}: added${required ? ', required' : ''}`, required);
  }
}

function labelOf({ object }: Part): string {
  return `${asText(own(object, 'in'))} parameter ${asText(own(object, 'name'))}`;
}

function compareParameter(before: Contract, after: Contract, old: Part, now: Part, say: Say): void {
  const label = labelOf(now);
  const schema = (contract: Contract, { object, place }: Part) => ({
    document: contract.document,
    value: own(object, 'schema'),
    place: below(place, 'schema'),
  });
  const [from, to] = [schema(before, old), schema(after, now)];
  compareSchemas(from, to, 'request', label, say);
  const [was, is] = [keywordOf(from.value, 'default'), keywordOf(to.value, 'default')];
  if (!sameJson(was, is))
    say(
      now.place,
      `${label}: default ${was === undefined ? 'none' : inWords(was)} → ${is === undefined ? 'none' : inWords(is)}`,
      true,
    );
  compareContent(before, after, old, now, 'request', label, say);
}

function keywordOf(schema: Part['object'][string] | undefined, key: string) {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema)
    ? own(schema, key)
    : undefined;
}

function compareBodies(before: Contract, after: Contract, say: Say): void {
  const [old, now] = [before.body, after.body];
  if (old === undefined && now === undefined) return;
  if (now === undefined) {
    if (old !== undefined) say(old.place, 'body: removed', true);
    return;
  }
  const [was, is] = [old?.object.required === true, now.object.required === true];
  if (old === undefined) {
    say(now.place, `body: added${is ? ', required' : ''}`, is);
    return;
  }
  if (was !== is) say(now.place, `body: ${is ? 'required' : 'optional'} now`, is);
  compareContent(before, after, old, now, 'request', 'body', say);
}

/** Media types, and the schema of each that is in both. */
function compareContent(
  before: Contract,
  after: Contract,
  old: Part,
  now: Part,
  way: 'request' | 'response',
  label: string,
  say: Say,
): void {
  const was = partsOf(before.document, own(old.object, 'content'), below(old.place, 'content'));
  const is = partsOf(after.document, own(now.object, 'content'), below(now.place, 'content'));
  for (const [media, part] of was) {
    const same = is.get(media) ?? [...is].find(([name]) => plain(name) === plain(media))?.[1];
    if (same === undefined) {
      say(part.place, `${label}: ${media} removed`, true);
      continue;
    }
    const schema = (contract: Contract, { object, place }: Part) => ({
      document: contract.document,
      value: own(object, 'schema'),
      place: below(place, 'schema'),
    });
    compareSchemas(schema(before, part), schema(after, same), way, label, say);
  }
  for (const [media, part] of is)
    if (!was.has(media) && ![...was.keys()].some((name) => plain(name) === plain(media)))
      say(part.place, `${label}: ${media} added`, false);
}

function plain(media: string): string {
  return media.split(';')[0]?.trim().toLowerCase() ?? '';
}

function compareResponses(before: Contract, after: Contract, say: Say): void {
  for (const [status, old] of before.responses) {
    const now = after.responses.get(status);
    const label = `response ${status}`;
    if (now === undefined) {
      say(old.place, `${label}: removed`, /^2/.test(status));
      continue;
    }
    compareContent(before, after, old, now, 'response', label, say);
    compareHeaders(before, after, old, now, label, say);
  }
  for (const [status, part] of after.responses)
    if (!before.responses.has(status)) say(part.place, `response ${status}: added`, false);
}

function compareHeaders(
  before: Contract,
  after: Contract,
  old: Part,
  now: Part,
  label: string,
  say: Say,
): void {
  const headers = (contract: Contract, { object, place }: Part) =>
    new Map(
      [...partsOf(contract.document, own(object, 'headers'), below(place, 'headers'))].map(([name, part]) => [
        name.toLowerCase(),
        part,
      ]),
    );
  const [was, is] = [headers(before, old), headers(after, now)];
  for (const [name, part] of was) {
    const same = is.get(name);
    const text = `${label} header ${name}`;
    if (same === undefined) say(part.place, `${text}: removed`, true);
    else if (part.object.required === true && same.object.required !== true)
      say(same.place, `${text}: optional now`, true);
  }
  for (const [name, part] of is) if (!was.has(name)) say(part.place, `${label} header ${name}: added`, false);
}
