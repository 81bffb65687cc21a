import { LATEST, REVISION } from '../api/allocation.ts';
import type { Service, ServiceSettings, Template, TrafficTarget } from '../api/resources.ts';
import { type Annotations, readAnnotations, readLabels } from './annotations.ts';
import { nothing, type Reader } from './reader.ts';
import { REVISION_ANNOTATIONS } from './revision-annotations.ts';
import { SERVICE_ANNOTATIONS } from './service-annotations.ts';
import { complete, readAliases, refuseUnknownContainers, type Said, workloadFields } from './workload.ts';

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
export function readMetadata(
  metadata: Reader,
  known: Annotations<ServiceSettings> = SERVICE_ANNOTATIONS,
): Partial<Service> {
  return metadata.object<Service>({
    name: (name) => ({ name: name.text() }),
    labels: readLabels,
    annotations: (annotations) => readAnnotations<ServiceSettings>(annotations, known),
    ...WRITTEN,
  });
}

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
  const said = annotations ? readAnnotations<Said & Template>(annotations, REVISION_ANNOTATIONS) : {};
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
        ...workloadFields(aliases),
        containerConcurrency: (value) => ({ maxInstanceRequestConcurrency: value.number() }),
        enableServiceLinks: nothing,
      }),
  });
  refuseUnknownContainers(annotations, said, whole.containers);
  return complete(
    { ...own, ...whole, ...templateOf(said) },
    // CPUs are idle between requests unless the file says otherwise; those beside a GPU never are.
    { ...said, cpuIdle: said.cpuIdle ?? whole.nodeSelector?.accelerator === undefined },
  );
}

/** What annotations say of the template itself. */
function templateOf(said: Said & Template): Template {
  const { containers: _, dependencies, cpuIdle, startupCpuBoost, cloudSql, baseImages, ...rest } = said;
  const { connector, egress, interfaces, vpcAccess, ...template } = rest;
  return template;
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
