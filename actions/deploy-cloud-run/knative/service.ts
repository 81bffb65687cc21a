import { LATEST, REVISION } from '../api/allocation.ts';
import type { Service, ServiceSettings, Template, TrafficTarget } from '../api/resources.ts';
import { type Annotations, readAnnotations, readLabels } from './annotations.ts';
import { readContainer } from './container.ts';
import type { Reader } from './reader.ts';
import { readVolume } from './volumes.ts';
import { complete, readAliases, type Said, WORKLOAD_ANNOTATIONS } from './workload.ts';

/** What services say by annotations (https://cloud.google.com/run/docs/reference/rest/v1/ObjectMeta). */
const SERVICE_ANNOTATIONS: Annotations<ServiceSettings & { scale?: unknown }> = {
  'run.googleapis.com/ingress': (value) => ({
    ingress: value.word({
      all: 'INGRESS_TRAFFIC_ALL',
      internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
      none: 'INGRESS_TRAFFIC_NONE',
    }),
  }),
  'run.googleapis.com/description': (value) => ({ description: value.text() }),
  'run.googleapis.com/launch-stage': (value) => ({ launchStage: value.text() }),
  'run.googleapis.com/custom-audiences': (value) => ({ customAudiences: value.json() as string[] }),
  'run.googleapis.com/invoker-iam-disabled': (value) => ({ invokerIamDisabled: value.boolean() }),
  'run.googleapis.com/default-url-disabled': (value) => ({ defaultUriDisabled: value.boolean() }),
  'run.googleapis.com/iap-enabled': (value) => ({ iapEnabled: value.boolean() }),
  'run.googleapis.com/binary-authorization': (value) => ({
    binaryAuthorization: value.text() === 'default' ? { useDefault: true } : { policy: value.text() },
  }),
};

const SCALING: Annotations<Record<string, number | string>> = {
  'run.googleapis.com/minScale': (value) => ({ minInstanceCount: value.number() }),
  'run.googleapis.com/maxScale': (value) => ({ maxInstanceCount: value.number() }),
  'run.googleapis.com/manualInstanceCount': (value) => ({ manualInstanceCount: value.number() }),
  'run.googleapis.com/scalingMode': (value) => ({
    scalingMode: value.word({ automatic: 'AUTOMATIC', manual: 'MANUAL' }),
  }),
};

const REVISION_ANNOTATIONS: Annotations<Said & Template> = {
  ...WORKLOAD_ANNOTATIONS,
  'autoscaling.knative.dev/minScale': (value) => ({ scaling: { minInstanceCount: value.number() } }),
  'autoscaling.knative.dev/maxScale': (value) => ({ scaling: { maxInstanceCount: value.number() } }),
  'run.googleapis.com/sessionAffinity': (value) => ({ sessionAffinity: value.boolean() }),
  'run.googleapis.com/health-check-disabled': (value) => ({ healthCheckDisabled: value.boolean() }),
  'run.googleapis.com/gpu-zonal-redundancy-disabled': (value) => ({
    gpuZonalRedundancyDisabled: value.boolean(),
  }),
  'run.googleapis.com/post-key-revocation-action-type': (value) => ({
    encryptionKeyRevocationAction: value.word({ 'prevent-new': 'PREVENT_NEW', 'shut-down': 'SHUTDOWN' }),
  }),
  'run.googleapis.com/encryption-key-shutdown-hours': (value) => ({
    encryptionKeyShutdownDuration: `${value.number() * 3600}s`,
  }),
};

/** A Service of serving.knative.dev/v1. */
export function readService(root: Reader): { name: string | undefined; service: Service } {
  const { name, ...service } = root.object<Service>({
    apiVersion: (value) => value.word({ 'serving.knative.dev/v1': undefined }),
    kind: () => undefined,
    status: () => undefined,
    metadata: readMetadata,
    spec: (spec) =>
      spec.object<Service>({
        template: (template) => ({ template: readTemplate(template) }),
        traffic: (traffic) => ({ traffic: traffic.list(readTarget) }),
      }),
  });
  return { name, service };
}

/** The fields of ObjectMeta that say something, and those that Google writes. */
export function readMetadata(metadata: Reader): Partial<Service> {
  return metadata.object<Service>({
    name: (name) => ({ name: name.text() }),
    labels: readLabels,
    annotations: (annotations) => {
      const names = new Set(Object.keys(SCALING));
      const scaling = Object.assign(
        {},
        ...annotations.map().map(([name, value]) => (names.has(name) ? SCALING[name]?.(value) : {})),
      ) as Record<string, number | string>;
      const ignored = Object.fromEntries([...names].map((name) => [name, () => undefined]));
      return {
        ...readAnnotations<ServiceSettings>(annotations, { ...SERVICE_ANNOTATIONS, ...ignored }),
        ...(Object.keys(scaling).length > 0 && { scaling }),
      };
    },
    ...WRITTEN,
  });
}

const nothing = () => undefined;

/** Written by Google. */
export const WRITTEN = {
  ...{ namespace: nothing, selfLink: nothing, uid: nothing, resourceVersion: nothing, generation: nothing },
  ...{
    creationTimestamp: nothing,
    deletionTimestamp: nothing,
    finalizers: nothing,
    ownerReferences: nothing,
  },
};

function readTemplate(template: Reader): Template {
  const metadata = field(template, 'metadata');
  const annotations = metadata && field(metadata, 'annotations');
  const aliases = readAliases(annotations);
  const said = mergedScaling(annotations);
  const own = metadata?.object<Template>({
    name: (name) => ({ revision: name.text() }),
    labels: readLabels,
    annotations: nothing,
    ...WRITTEN,
  });
  const whole = template.object<Template>({
    metadata: nothing,
    spec: (spec) =>
      spec.object<Template>({
        containers: (containers) => ({ containers: containers.list((item) => readContainer(item, aliases)) }),
        volumes: (volumes) => ({ volumes: volumes.list((item) => readVolume(item, aliases)) }),
        containerConcurrency: (value) => ({ maxInstanceRequestConcurrency: value.number() }),
        timeoutSeconds: (value) => ({ timeout: `${value.number()}s` }),
        serviceAccountName: (value) => ({ serviceAccount: value.text() }),
        nodeSelector: (selector) => ({
          nodeSelector: selector.object<{ accelerator?: string }>({
            'run.googleapis.com/accelerator': (value) => ({ accelerator: value.text() }),
          }),
        }),
        enableServiceLinks: nothing,
      }),
  });
  const { scaling, sessionAffinity, healthCheckDisabled, gpuZonalRedundancyDisabled, ...rest } = said;
  return complete(
    {
      ...own,
      ...whole,
      ...(rest.annotations && { annotations: rest.annotations }),
      ...(scaling && { scaling }),
      ...(sessionAffinity !== undefined && { sessionAffinity }),
      ...(healthCheckDisabled !== undefined && { healthCheckDisabled }),
      ...(gpuZonalRedundancyDisabled !== undefined && { gpuZonalRedundancyDisabled }),
      ...(rest.encryptionKeyRevocationAction && {
        encryptionKeyRevocationAction: rest.encryptionKeyRevocationAction,
      }),
      ...(rest.encryptionKeyShutdownDuration && {
        encryptionKeyShutdownDuration: rest.encryptionKeyShutdownDuration,
      }),
    },
    // CPUs are idle between requests unless the file says otherwise; those beside a GPU never are.
    { ...rest, cpuIdle: rest.cpuIdle ?? whole.nodeSelector?.accelerator === undefined },
  );
}

/** Two annotations make one object. */
function mergedScaling(annotations: Reader | undefined): Said & Template {
  if (!annotations) return {};
  const scales = annotations
    .map()
    .flatMap(([name, value]) =>
      name.startsWith('autoscaling.knative.dev/') ? [REVISION_ANNOTATIONS[name]?.(value)?.scaling ?? {}] : [],
    );
  const said = readAnnotations<Said & Template>(annotations, REVISION_ANNOTATIONS);
  return { ...said, ...(scales.length > 0 && { scaling: Object.assign({}, ...scales) as object }) };
}

/** A field of an object, read before its turn. */
export function field(object: Reader, name: string): Reader | undefined {
  return object.map().find(([candidate]) => candidate === name)?.[1];
}

function readTarget(target: Reader): TrafficTarget {
  const read = target.object<TrafficTarget>({
    latestRevision: (value) => (value.boolean() ? { type: LATEST } : {}),
    revisionName: (value) => ({ type: REVISION, revision: value.text() }),
    percent: (value) => ({ percent: value.number() }),
    tag: (value) => ({ tag: value.text() }),
    url: nothing,
  });
  if (!read.type) throw target.wrong('it names no revision', 'write latestRevision: true, or revisionName');
  return read;
}
