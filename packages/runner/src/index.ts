export { parseCommand } from './command.ts';
export { RUNNER_PATIENCE } from './patience.ts';
export { type ReadLog, readLog } from './read-log.ts';
export {
  type Annotation,
  type JobStatus,
  type RunOptions,
  runAction,
  type StepResult,
  type StepRun,
} from './run-action.ts';
