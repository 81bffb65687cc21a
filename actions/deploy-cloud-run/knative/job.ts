import type { ExecutionTemplate, Job, TaskTemplate } from '../api/resources.ts';
import { type Annotations, readAnnotations, readLabels } from './annotations.ts';
import { nothing, type Reader } from './reader.ts';
import { field, readMetadata, WRITTEN } from './service.ts';
import { JOB_ANNOTATIONS } from './service-annotations.ts';
import {
  complete,
  readAliases,
  refuseUnknownContainers,
  type Said,
  WORKLOAD_ANNOTATIONS,
  workloadFields,
} from './workload.ts';

/** Of an execution the job says how it is authorised. */
const EXECUTION_ANNOTATIONS: Annotations<Said> = {
  ...WORKLOAD_ANNOTATIONS,
  'run.googleapis.com/binary-authorization': () => undefined,
};

/** A Job of run.googleapis.com/v1. */
export function readJob(root: Reader): { name: string | undefined; job: Job } {
  const { name, ...job } = root.object<Job>({
    apiVersion: (value) => value.word({ 'run.googleapis.com/v1': undefined }),
    kind: nothing,
    status: nothing,
    metadata: (metadata) => readMetadata(metadata, JOB_ANNOTATIONS),
    spec: (spec) =>
      spec.object<Job>({
        template: (template) => ({ template: readExecution(template) }),
        startExecutionToken: (value) => ({ startExecutionToken: value.text() }),
        runExecutionToken: (value) => ({ runExecutionToken: value.text() }),
      }),
  });
  return { name, job };
}

function readExecution(template: Reader): ExecutionTemplate {
  const metadata = field(template, 'metadata');
  const annotations = metadata && field(metadata, 'annotations');
  const said = annotations ? readAnnotations<Said>(annotations, EXECUTION_ANNOTATIONS) : {};
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
        delayExecution: (value) => ({ delayExecution: value.boolean() }),
        template: (task) =>
          task.object<ExecutionTemplate>({
            spec: (inner) => {
              const read = readTask(inner, annotations);
              refuseUnknownContainers(annotations, said, read.containers);
              return { template: complete(read, said) };
            },
          }),
      }),
  });
  return { ...own, ...whole };
}

function readTask(spec: Reader, annotations: Reader | undefined): TaskTemplate {
  const aliases = readAliases(annotations);
  return spec.object<TaskTemplate>({
    ...workloadFields(aliases),
    maxRetries: (value) => ({ maxRetries: value.number() }),
  });
}
