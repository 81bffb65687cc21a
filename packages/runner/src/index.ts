export { type Annotation, type RunOptions, runAction, type StepResult, type StepRun } from './run-action.ts';
