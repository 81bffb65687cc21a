import type { Context } from '../context.ts';
import { RUN, texts } from '../v1/annotations.ts';
import { v1Conditions } from '../v1/service.ts';
import { v1Template } from '../v1/template.ts';
import type { StoredPool } from './state.ts';
import type { InstanceSplit } from './types.ts';

/** A worker pool as the API v1 shows it (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.workerpools#WorkerPool). */
export function v1Pool({ resource }: StoredPool, { project }: Context): Record<string, unknown> {
  const { name, labels, uid, generation, createTime, template, latestReadyRevision, scaling } = resource;
  const [, , , location = '', , id = ''] = name.split('/');
  // What a pool has none of must not show.
  const shown = v1Template({ ...template, scaling: {}, timeout: '', maxInstanceRequestConcurrency: 0 });
  const { containerConcurrency: _, timeoutSeconds: __, ...spec } = shown.spec;
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'WorkerPool',
    metadata: {
      ...{ name: id, namespace: project.number, uid, generation: Number(generation) },
      selfLink: `/apis/run.googleapis.com/v1/namespaces/${project.number}/workerpools/${id}`,
      resourceVersion: resource.etag.replaceAll('"', ''),
      creationTimestamp: createTime,
      labels: { ...labels, 'cloud.googleapis.com/location': location },
      annotations: {
        ...resource.annotations,
        ...texts({
          'serving.knative.dev/creator': resource.creator,
          'serving.knative.dev/lastModifier': resource.lastModifier,
          [`${RUN}/description`]: resource.description,
          [`${RUN}/manualInstanceCount`]: scaling?.manualInstanceCount,
          [`${RUN}/scalingMode`]: scaling && 'manual',
        }),
      },
    },
    spec: { template: { ...shown, spec }, instanceSplits: resource.instanceSplits.map(v1Split) },
    status: {
      observedGeneration: Number(resource.observedGeneration),
      conditions: v1Conditions([resource.terminalCondition, ...resource.conditions]),
      latestCreatedRevisionName: lastPart(resource.latestCreatedRevision),
      ...(latestReadyRevision && { latestReadyRevisionName: lastPart(latestReadyRevision) }),
      instanceSplits: (resource.instanceSplitStatuses ?? []).map((split) => ({
        ...v1Split(split),
        revisionName: split.revision,
      })),
    },
  };
}

function v1Split({ type, revision, percent }: InstanceSplit): Record<string, unknown> {
  return {
    ...(type.endsWith('REVISION') ? { revisionName: revision } : { latestRevision: true }),
    ...(percent && { percent }),
  };
}

function lastPart(name: string): string {
  return name.split('/').at(-1) ?? '';
}
