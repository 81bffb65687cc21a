import type { Context } from '../context.ts';
import type { StoredService } from '../v2/state.ts';
import type { Condition, Service, TrafficTarget } from '../v2/types.ts';
import { RUN, texts } from './annotations.ts';
import { INGRESS } from './ingress.ts';
import { v1Template } from './template.ts';

/** A service as the API v1 shows it (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services#Service). */
export function v1Service({ resource }: StoredService, { project }: Context): Record<string, unknown> {
  const { name, labels, uid, generation, createTime, template, traffic, latestReadyRevision } = resource;
  const [, , , location = '', , id = ''] = name.split('/');
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      ...{ name: id, namespace: project.number, uid, generation: Number(generation) },
      selfLink: `/apis/serving.knative.dev/v1/namespaces/${project.number}/services/${id}`,
      resourceVersion: resource.etag.replaceAll('"', ''),
      creationTimestamp: createTime,
      labels: { ...labels, 'cloud.googleapis.com/location': location },
      annotations: annotationsOf(resource),
    },
    spec: { template: v1Template(template), traffic: traffic.map(v1Target) },
    status: {
      observedGeneration: Number(resource.observedGeneration),
      conditions: v1Conditions([resource.terminalCondition, ...resource.conditions]),
      latestCreatedRevisionName: lastPart(resource.latestCreatedRevision),
      ...(latestReadyRevision && { latestReadyRevisionName: lastPart(latestReadyRevision) }),
      traffic: (resource.trafficStatuses ?? []).map((status) => ({
        ...v1Target(status),
        revisionName: status.revision ?? lastPart(latestReadyRevision ?? ''),
        ...(status.uri && { url: status.uri }),
      })),
      url: resource.uri,
      address: { url: resource.uri },
    },
  };
}

function annotationsOf(service: Service): Record<string, string> {
  const { annotations, creator, lastModifier, ingress, description, launchStage, customAudiences } = service;
  const { minInstanceCount, maxInstanceCount, manualInstanceCount, scalingMode } = service.scaling ?? {};
  const said = {
    ...{ 'serving.knative.dev/creator': creator, 'serving.knative.dev/lastModifier': lastModifier },
    ...{ [`${RUN}/ingress`]: INGRESS[ingress], [`${RUN}/ingress-status`]: INGRESS[ingress] },
    [`${RUN}/urls`]: JSON.stringify(service.urls),
    [`${RUN}/description`]: description,
    [`${RUN}/launch-stage`]: launchStage === 'GA' ? undefined : launchStage,
    [`${RUN}/custom-audiences`]: customAudiences && JSON.stringify(customAudiences),
    [`${RUN}/minScale`]: minInstanceCount,
    [`${RUN}/maxScale`]: maxInstanceCount,
    [`${RUN}/manualInstanceCount`]: manualInstanceCount,
    [`${RUN}/scalingMode`]: typeof scalingMode === 'string' ? scalingMode.toLowerCase() : undefined,
    [`${RUN}/invoker-iam-disabled`]: service.invokerIamDisabled || undefined,
    [`${RUN}/default-url-disabled`]: service.defaultUriDisabled || undefined,
  };
  return { ...annotations, ...texts(said) };
}

function v1Target({ type, revision, percent, tag }: TrafficTarget): Record<string, unknown> {
  return {
    ...(type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION'
      ? { revisionName: revision }
      : { latestRevision: true }),
    ...(percent && { percent }),
    ...(tag && { tag }),
  };
}

const STATUS = {
  CONDITION_SUCCEEDED: 'True',
  CONDITION_FAILED: 'False',
  CONDITION_RECONCILING: 'Unknown',
} as const;

export function v1Conditions(conditions: readonly Condition[]): unknown[] {
  return conditions.map(({ type, state, message, reason, lastTransitionTime }) => ({
    ...{ type, status: STATUS[state], lastTransitionTime },
    ...(message && { message }),
    ...(reason && {
      reason: reason.replace(
        /_?([A-Z])([A-Z]*)/g,
        (_, first: string, rest: string) => first + rest.toLowerCase(),
      ),
    }),
  }));
}

function lastPart(name: string): string {
  return name.split('/').at(-1) ?? '';
}
