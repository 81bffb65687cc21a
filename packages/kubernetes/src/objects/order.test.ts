import { expect, it } from 'vitest';
import { inOrder, isJob, workloadKind } from './order.ts';

const object = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: kind } });

it('puts what others need first, what an operator brings and jobs before what runs pods', () => {
  const kinds = [
    ['apps/v1', 'Deployment'],
    ['batch/v1', 'Job'],
    ['v1', 'Service'],
    ['example.com/v1', 'Widget'],
    ['networking.k8s.io/v1', 'Ingress'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
    ['v1', 'ConfigMap'],
    ['v1', 'Namespace'],
  ].map(([apiVersion = '', kind = '']) => ({ object: object(apiVersion, kind) }));
  expect(inOrder(kinds).map((one) => one.object.kind)).toEqual([
    'Namespace',
    'CustomResourceDefinition',
    'ConfigMap',
    'Service',
    'Job',
    'Widget',
    'Deployment',
    'Ingress',
  ]);
});

it('tells workloads and jobs by their group', () => {
  expect(workloadKind(object('apps/v1', 'DaemonSet'))).toBe('DaemonSet');
  expect(workloadKind(object('example.com/v1', 'Deployment'))).toBeUndefined();
  expect(isJob(object('batch/v1', 'Job'))).toBe(true);
  expect(isJob(object('example.com/v1', 'Job'))).toBe(false);
});
