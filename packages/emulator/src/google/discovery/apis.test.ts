import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Facts } from '../../kernel/proto-json/facts.ts';
import { services } from '../../services.ts';
import { APIS } from './apis.ts';
import { RELAXED } from './relaxed.ts';

/** Paths of Google's that no document has. */
const UNPUBLISHED: readonly string[] = [
  // https://cloud.google.com/compute/docs/api/how-tos/batch
  'compute.googleapis.com: POST /batch/compute/v1',
];

it('every route of a service of Google is a method that Google publishes', () => {
  const known = new Set(APIS.map(({ host }) => host));
  const unpublished = services.flatMap(({ name, routes }) =>
    known.has(name)
      ? routes
          .map(({ method, template }) => [method, template.replace(/\{\w+(?:=\*\*)?\}/g, 'x')] as const)
          .filter(([method, path]) => !APIS.some((api) => api.host === name && api.method(method, path)))
          .map(([method, path]) => `${name}: ${method} ${path}`)
      : [],
  );
  expect(unpublished).toEqual(UNPUBLISHED);
});

it.each(Object.entries(RELAXED))(
  'what is relaxed of %s is still what its documents say',
  (document, relaxed) => {
    const [name, version] = document.split('.');
    const { messages } = JSON.parse(
      readFileSync(new URL(`${name}.${version}.json`, import.meta.url), 'utf8'),
    ) as Facts;
    const flagOf = {
      left: 'required',
      mutable: 'immutable',
      settable: 'out',
      shown: undefined,
      taken: undefined,
    };
    for (const [kind, fields] of Object.entries(relaxed))
      for (const [field, reason] of Object.entries(fields)) {
        expect(reason).toMatch(/\w+ \w+/);
        // A parameter is of a method, and no field of a message.
        if (kind === 'query') continue;
        const [message = '', own = ''] = field.split('.');
        const flags = messages[message]?.fields[own]?.split(' ');
        const flag = flagOf[kind as keyof typeof flagOf];
        expect(flags !== undefined, `${field} of ${document}`).toBe(kind !== 'taken');
        if (flag) expect(flags, `${field} of ${document}`).toContain(flag);
      }
  },
);
