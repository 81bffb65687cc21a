import { expect, it } from 'vitest';
import { services } from '../../services.ts';
import { APIS } from './apis.ts';

/** Paths of Google's that no document has: gcloud asks for the policies of worker pools by version 1 and the name of version 2. */
const UNPUBLISHED: readonly string[] = [
  'run.googleapis.com: GET /v1/projects/x/locations/x/workerPools/x:getIamPolicy',
  'run.googleapis.com: POST /v1/projects/x/locations/x/workerPools/x:setIamPolicy',
  'run.googleapis.com: POST /v1/projects/x/locations/x/workerPools/x:testIamPermissions',
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
