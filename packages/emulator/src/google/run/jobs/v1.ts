import type { Context } from '../context.ts';
import { AnnotationReader, RUN, texts } from '../v1/annotations.ts';
import { askedTemplate, type V1Template } from '../v1/asked-template.ts';
import { ownLabels, set } from '../v1/fields.ts';
import { v1Conditions } from '../v1/service.ts';
import { v1Template } from '../v1/template.ts';
import type { StoredJob } from './state.ts';
import type { AskedJob, Execution, ExecutionTemplate, Task } from './types.ts';

interface V1Metadata {
  readonly name?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A job as the API v1 takes it (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.jobs#Job). */
export interface V1Job {
  readonly metadata?: V1Metadata;
  readonly spec?: {
    readonly template?: {
      readonly metadata?: V1Metadata;
      readonly spec?: {
        readonly parallelism?: number;
        readonly taskCount?: number;
        readonly template?: { readonly spec?: V1Template['spec'] & { readonly maxRetries?: number } };
      };
    };
    readonly startExecutionToken?: string;
    readonly runExecutionToken?: string;
  };
}

/** What the API v2 calls all of it. @throws ApiError INVALID_ARGUMENT for an annotation that can't be read */
export function askedJob({ metadata = {}, spec = {} }: V1Job): AskedJob {
  const annotations = new AnnotationReader(metadata.annotations);
  const { metadata: execution = {}, spec: tasks = {} } = spec.template ?? {};
  const { maxRetries, ...task } = tasks.template?.spec ?? {};
  const asked = askedTemplate({ metadata: execution, spec: task });
  const { containers = [], labels, annotations: own, scaling: _, ...place } = asked;
  return set<AskedJob>({
    labels: ownLabels(metadata.labels),
    etag: metadata.resourceVersion && `"${metadata.resourceVersion}"`,
    client: annotations.text(`${RUN}/client-name`),
    clientVersion: annotations.text(`${RUN}/client-version`),
    launchStage: annotations.text(`${RUN}/launch-stage`),
    annotations: annotations.own(),
    startExecutionToken: spec.startExecutionToken,
    runExecutionToken: spec.runExecutionToken,
    template: set<NonNullable<AskedJob['template']>>({
      labels,
      annotations: own,
      parallelism: tasks.parallelism,
      taskCount: tasks.taskCount,
      template: {
        ...place,
        ...(maxRetries !== undefined && { maxRetries }),
        // A task has its processor as long as it runs.
        containers: containers.map(({ resources, ...container }) => ({
          ...container,
          ...(resources && { resources: { limits: resources.limits ?? {} } }),
        })),
      },
    }),
  });
}

/** A job as the API v1 shows it. */
export function v1Job({ resource }: StoredJob, { project }: Context): Record<string, unknown> {
  const { name, labels, uid, generation, createTime, template, latestCreatedExecution: latest } = resource;
  const [, , , location = '', , id = ''] = name.split('/');
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Job',
    metadata: {
      ...{ name: id, namespace: project.number, uid, generation: Number(generation) },
      selfLink: `/apis/run.googleapis.com/v1/namespaces/${project.number}/jobs/${id}`,
      resourceVersion: resource.etag.replaceAll('"', ''),
      creationTimestamp: createTime,
      labels: { ...labels, 'cloud.googleapis.com/location': location },
      annotations: {
        ...resource.annotations,
        ...texts({
          'serving.knative.dev/creator': resource.creator,
          'serving.knative.dev/lastModifier': resource.lastModifier,
          [`${RUN}/launch-stage`]: resource.launchStage === 'GA' ? undefined : resource.launchStage,
        }),
      },
    },
    spec: { template: v1ExecutionTemplate(template) },
    status: {
      observedGeneration: Number(resource.observedGeneration),
      conditions: v1Conditions([resource.terminalCondition, ...resource.conditions]),
      executionCount: resource.executionCount,
      ...(latest && {
        latestCreatedExecution: {
          name: latest.name,
          creationTimestamp: latest.createTime,
          ...(latest.completionTime && { completionTimestamp: latest.completionTime }),
          completionStatus: latest.completionStatus,
        },
      }),
    },
  };
}

/** An execution as the API v1 shows it (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.executions#Execution). */
export function v1Execution(execution: Execution, { project }: Context): Record<string, unknown> {
  const { name, uid, createTime, job, parallelism, taskCount, template, conditions } = execution;
  const [, , , location = '', , , , id = ''] = name.split('/');
  const shown = v1ExecutionTemplate({ parallelism, taskCount, template });
  const [completed] = conditions;
  // Tasks are started as soon as there is an execution.
  const begun = ['ResourcesAvailable', 'Started'].map((type) => ({
    type,
    state: 'CONDITION_SUCCEEDED' as const,
    lastTransitionTime: execution.startTime ?? createTime,
  }));
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Execution',
    metadata: {
      ...{ name: id, namespace: project.number, uid, generation: 1, creationTimestamp: createTime },
      selfLink: `/apis/run.googleapis.com/v1/namespaces/${project.number}/executions/${id}`,
      resourceVersion: execution.etag.replaceAll('"', ''),
      labels: {
        ...execution.labels,
        [`${RUN}/job`]: job,
        'cloud.googleapis.com/location': location,
      },
      annotations: { ...shown.metadata.annotations, 'serving.knative.dev/creator': execution.creator },
    },
    spec: shown.spec,
    status: {
      observedGeneration: 1,
      conditions: v1Conditions([...(completed ? [completed] : []), ...begun]),
      startTime: execution.startTime,
      completionTime: execution.completionTime,
      runningCount: execution.runningCount,
      succeededCount: execution.succeededCount,
      failedCount: execution.failedCount,
      cancelledCount: execution.cancelledCount,
      retriedCount: execution.retriedCount,
      logUri: execution.logUri,
    },
  };
}

/** A task as the API v1 shows it (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.tasks#Task). */
export function v1Task(task: Task, { project }: Context): Record<string, unknown> {
  const { name, uid, job, execution, createTime, index, retried, conditions, lastAttemptResult } = task;
  const [, , , location = '', , , , , , id = ''] = name.split('/');
  const { maxRetries, timeout, serviceAccount, containers } = task;
  const shown = v1ExecutionTemplate({
    taskCount: 1,
    template: { maxRetries, timeout, serviceAccount, containers },
  });
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Task',
    metadata: {
      ...{ name: id, namespace: project.number, uid, generation: 1, creationTimestamp: createTime },
      labels: {
        [`${RUN}/job`]: job,
        [`${RUN}/execution`]: execution,
        'cloud.googleapis.com/location': location,
      },
    },
    spec: shown.spec.template.spec,
    status: {
      observedGeneration: 1,
      index,
      retried,
      startTime: createTime,
      completionTime: task.completionTime,
      conditions: v1Conditions(conditions),
      lastAttemptResult,
    },
  };
}

function v1ExecutionTemplate({ labels, annotations, parallelism, taskCount, template }: ExecutionTemplate) {
  const { metadata, spec } = v1Template({
    ...template,
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    scaling: {},
    maxInstanceRequestConcurrency: 0,
  });
  const { containerConcurrency: _, ...task } = spec;
  // What a task has none of must not show: its processor is never taken away.
  const { [`${RUN}/cpu-throttling`]: __, ...said } = metadata.annotations;
  return {
    metadata: { ...metadata, annotations: said },
    spec: {
      ...(parallelism && { parallelism }),
      taskCount,
      template: { spec: { ...task, maxRetries: template.maxRetries } },
    },
  };
}
