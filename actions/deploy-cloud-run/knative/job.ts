import type { ExecutionTemplate, Job, TaskTemplate } from '../api/resources.ts';
import { readAnnotations, readLabels } from './annotations.ts';
import { readContainer } from './container.ts';
import type { Reader } from './reader.ts';
import { field, readMetadata, WRITTEN } from './service.ts';
import { readVolume } from './volumes.ts';
import { complete, readAliases, type Said, WORKLOAD_ANNOTATIONS } from './workload.ts';

const nothing = () => undefined;

/** A Job of run.googleapis.com/v1. */
export function readJob(root: Reader): { name: string | undefined; job: Job } {
  const { name, ...job } = root.object<Job>({
    apiVersion: (value) => value.word({ 'run.googleapis.com/v1': undefined }),
    kind: nothing,
    status: nothing,
    metadata: (metadata) => {
      const { ingress, scaling, description, ...read } = readMetadata(metadata);
      if (ingress ?? scaling ?? description)
        throw metadata.wrong('a job has no ingress, scaling or description');
      return read;
    },
    spec: (spec) => spec.object<Job>({ template: (template) => ({ template: readExecution(template) }) }),
  });
  return { name, job };
}

function readExecution(template: Reader): ExecutionTemplate {
  const metadata = field(template, 'metadata');
  const annotations = metadata && field(metadata, 'annotations');
  const said = annotations ? readAnnotations<Said>(annotations, WORKLOAD_ANNOTATIONS) : {};
  const own = metadata?.object<ExecutionTemplate>({
    labels: readLabels,
    annotations: () => (said.annotations ? { annotations: said.annotations } : {}),
    ...WRITTEN,
  });
  const whole = template.object<ExecutionTemplate>({
    metadata: nothing,
    spec: (spec) =>
      spec.object<ExecutionTemplate>({
        parallelism: (value) => ({ parallelism: value.number() }),
        taskCount: (value) => ({ taskCount: value.number() }),
        template: (task) =>
          task.object<ExecutionTemplate>({
            spec: (inner) => ({ template: complete(readTask(inner, annotations), said) }),
          }),
      }),
  });
  return { ...own, ...whole };
}

function readTask(spec: Reader, annotations: Reader | undefined): TaskTemplate {
  const aliases = readAliases(annotations);
  return spec.object<TaskTemplate>({
    containers: (containers) => ({ containers: containers.list((item) => readContainer(item, aliases)) }),
    volumes: (volumes) => ({ volumes: volumes.list((item) => readVolume(item, aliases)) }),
    maxRetries: (value) => ({ maxRetries: value.number() }),
    timeoutSeconds: (value) => ({ timeout: `${value.number()}s` }),
    serviceAccountName: (value) => ({ serviceAccount: value.text() }),
    nodeSelector: (selector) => ({
      nodeSelector: selector.object<{ accelerator?: string }>({
        'run.googleapis.com/accelerator': (value) => ({ accelerator: value.text() }),
      }),
    }),
  });
}
