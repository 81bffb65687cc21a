import { expect, it } from 'vitest';
import { makePlan } from '../plan/plan.ts';
import { serviceLabel } from './service-label.ts';

const plan = makePlan(
  { api: 'hello', gateway: 'hello', locations: ['us-central1'], gatewayServiceAccount: undefined },
  { path: 'openapi.yaml', contents: '' },
  'my-project',
);

it.each([
  ['hello-0abc123def456.apigateway.my-project.cloud.goog', { 'gangway-service': '0abc123def456' }],
  // A longer id, another project, a name that somebody chose: nothing that could be put together again.
  ['hello-world-0abc123def456.apigateway.my-project.cloud.goog', {}],
  ['hello-0abc123def456.apigateway.other.cloud.goog', {}],
  ['hello.endpoints.my-project.cloud.goog', {}],
  ['hello-.apigateway.my-project.cloud.goog', {}],
  ['', {}],
])('the label of %s', (managedService, labels) => {
  expect(serviceLabel(managedService, plan)).toEqual(labels);
});
