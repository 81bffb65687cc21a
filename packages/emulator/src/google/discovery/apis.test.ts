import { expect, it } from 'vitest';
import { services } from '../../services.ts';
import { APIS } from './apis.ts';

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
