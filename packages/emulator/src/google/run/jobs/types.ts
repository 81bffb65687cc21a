import type { AskedContainer } from '../v2/asked.ts';
import type { Condition, Container, Resource, Volume, VpcAccess } from '../v2/types.ts';

/** Resources of the Cloud Run Admin API v2 (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs). */
export interface Job extends Resource {
  template: ExecutionTemplate;
  executionCount: number;
  latestCreatedExecution?: ExecutionReference;
  /** Kept; the local cloud runs nothing for them. */
  startExecutionToken?: string;
  runExecutionToken?: string;
}

interface ExecutionReference {
  name: string;
  createTime: string;
  completionTime?: string;
  completionStatus: string;
}

export interface ExecutionTemplate {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  parallelism?: number;
  taskCount: number;
  template: TaskTemplate;
}

interface TaskTemplate {
  containers: Container[];
  volumes?: Volume[];
  maxRetries: number;
  timeout: string;
  serviceAccount: string;
  executionEnvironment?: string;
  vpcAccess?: VpcAccess;
}

/** A job as a caller may give it. */
export interface AskedJob extends Partial<Omit<Job, 'template'>> {
  template?: Partial<Omit<ExecutionTemplate, 'template'>> & {
    template?: Partial<Omit<TaskTemplate, 'containers'>> & { containers?: AskedContainer[] };
  };
}

export interface Execution {
  name: string;
  uid: string;
  generation: string;
  labels?: Record<string, string>;
  createTime: string;
  startTime?: string;
  completionTime?: string;
  updateTime: string;
  creator: string;
  launchStage: string;
  /** Id of the job. */
  job: string;
  parallelism: number;
  taskCount: number;
  template: TaskTemplate;
  reconciling: boolean;
  conditions: Condition[];
  runningCount?: number;
  succeededCount?: number;
  failedCount?: number;
  cancelledCount?: number;
  retriedCount?: number;
  logUri: string;
  etag: string;
}

export interface Task {
  name: string;
  uid: string;
  /** Id of the job, of the execution. */
  job: string;
  execution: string;
  index?: number;
  retried?: number;
  createTime: string;
  completionTime?: string;
  maxRetries: number;
  timeout: string;
  serviceAccount: string;
  containers: Container[];
  conditions: Condition[];
  lastAttemptResult?: { status?: { code: number; message: string }; exitCode?: number };
}
