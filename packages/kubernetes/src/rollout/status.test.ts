import { describe, expect, it } from 'vitest';
import { jobStatus, rolloutStatus } from './status.ts';

/** The cases of kubectl's own test of Deployments, as data. */
// https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status_test.go
const DEPLOYMENTS = [
  [
    0,
    1,
    [1, 0, 1, 0],
    'Waiting for deployment "foo" rollout to finish: 0 out of 1 new replicas have been updated',
    false,
  ],
  [
    1,
    1,
    [2, 1, 2, 1],
    'Waiting for deployment "foo" rollout to finish: 1 old replicas are pending termination',
    false,
  ],
  [
    1,
    2,
    [2, 2, 1, 1],
    'Waiting for deployment "foo" rollout to finish: 1 of 2 updated replicas are available',
    false,
  ],
  [1, 2, [2, 2, 2, 0], 'deployment "foo" successfully rolled out', true],
  [2, 2, [2, 2, 2, 0], 'Waiting for deployment spec update to be observed', false],
] as const;

const of = (kind: string, spec: object, status: object, generation = 1) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'foo', generation },
  spec,
  status,
});

describe('a rollout, as kubectl judges it', () => {
  it.each(DEPLOYMENTS)(
    'of a Deployment, generation %i and %i replicas of %j',
    (generation, replicas, counts, message, done) => {
      const [all, updated, available, unavailable] = counts;
      const status = {
        observedGeneration: 1,
        replicas: all,
        updatedReplicas: updated,
        availableReplicas: available,
        unavailableReplicas: unavailable,
      };
      expect(rolloutStatus(of('Deployment', { replicas }, status, generation))).toEqual({
        done,
        failed: false,
        message,
      });
    },
  );

  it('of a Deployment that made no progress', () => {
    const conditions = [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }];
    const { failed, message } = rolloutStatus(
      of('Deployment', { replicas: 1 }, { observedGeneration: 1, conditions }),
    );
    expect(failed).toBe(true);
    expect(message).toBe('deployment "foo" exceeded its progress deadline');
  });

  it.each([
    [
      { updatedNumberScheduled: 0, desiredNumberScheduled: 1, numberAvailable: 0 },
      /0 out of 1 new pods have been updated/,
    ],
    [
      { updatedNumberScheduled: 2, desiredNumberScheduled: 2, numberAvailable: 1 },
      /1 of 2 updated pods are available/,
    ],
    [{ updatedNumberScheduled: 2, desiredNumberScheduled: 2, numberAvailable: 2 }, /successfully rolled out/],
  ])('of a DaemonSet with %j', (counts, message) => {
    const spec = { updateStrategy: { type: 'RollingUpdate' } };
    expect(rolloutStatus(of('DaemonSet', spec, { observedGeneration: 1, ...counts })).message).toMatch(
      message,
    );
  });

  it.each([
    [0, { observedGeneration: 0 }, 'Waiting for statefulset spec update to be observed', false],
    [
      0,
      { observedGeneration: 1, readyReplicas: 1 },
      'Waiting for 1 pods of stateful set "foo" to be ready',
      false,
    ],
    [
      1,
      { observedGeneration: 1, readyReplicas: 2, updatedReplicas: 0 },
      /0 out of 1 new pods have been updated/,
      false,
    ],
    [1, { observedGeneration: 1, readyReplicas: 2, updatedReplicas: 1 }, /complete: 1 new pods/, true],
    [
      0,
      {
        observedGeneration: 1,
        readyReplicas: 2,
        updatedReplicas: 1,
        currentRevision: 'a',
        updateRevision: 'b',
      },
      /1 pods at revision b/,
      false,
    ],
    [
      0,
      { observedGeneration: 1, readyReplicas: 2, currentRevision: 'b', updateRevision: 'b' },
      /update complete/,
      true,
    ],
  ])('of a StatefulSet with partition %i and %j', (partition, status, message, done) => {
    const spec = { replicas: 2, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } };
    const judged = rolloutStatus(of('StatefulSet', spec, status));
    expect(judged.message).toMatch(message);
    expect(judged.done).toBe(done);
  });
});

it.each([
  [[{ type: 'Complete', status: 'True' }], { done: true, failed: false }],
  [[{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }], { done: false, failed: true }],
  [[{ type: 'Failed', status: 'False' }], { done: false, failed: false }],
  [[{ type: 'Suspended', status: 'True' }], { done: false, failed: true }],
])('judges a Job by %j', (conditions, judged) => {
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'x' }, status: { conditions } };
  expect(jobStatus(job)).toMatchObject(judged);
});
