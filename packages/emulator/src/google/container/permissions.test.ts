import { expect, it } from 'vitest';
import { permissionFor } from './permissions.ts';

it.each([
  ['get', 'deployments', undefined, 'container.deployments.get'],
  ['watch', 'replicasets', undefined, 'container.replicaSets.list'],
  ['patch', 'configmaps', undefined, 'container.configMaps.update'],
  ['deletecollection', 'jobs', undefined, 'container.jobs.delete'],
  ['get', 'pods', 'log', 'container.pods.getLogs'],
  ['create', 'pods', 'exec', 'container.pods.exec'],
  ['patch', 'deployments', 'scale', 'container.deployments.updateScale'],
  ['create', 'widgets', undefined, 'container.thirdPartyObjects.create'],
  ['impersonate', 'users', undefined, undefined],
])('%s of %s/%s takes %s', (verb, resource, part, permission) => {
  expect(permissionFor(verb, resource, part)).toBe(permission);
});
