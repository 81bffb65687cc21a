export { cancellation } from './cancellation.ts';
export { ask } from './command/ask.ts';
export { childEnvironment } from './command/child-environment.ts';
export {
  CLEANING_UP,
  type CommandOptions,
  type CommandResult,
  command,
  lastLines,
} from './command/command.ts';
export { removeContainer, withContainer } from './command/container.ts';
export { removeEngineImage, withEngineImage } from './command/engine-image.ts';
export { ActionError } from './error.ts';
export { readEvent } from './event.ts';
export { missingFileHint } from './files/missing-file.ts';
export { readTextFile } from './files/read-text-file.ts';
export { type InputReader, input, invalid } from './inputs.ts';
export { log, mask, type Place } from './log/log.ts';
export { addToPath, exportVariables } from './result/job-environment.ts';
export { setOutputs } from './result/outputs.ts';
export { type Fact, type StepSummary, seconds, writeSummary } from './result/summary.ts';
export { run, runPost } from './run.ts';
export { createScratch, removeScratch } from './scratch.ts';
export { remember, remembered } from './state.ts';
export { type Stopwatch, stopwatch } from './stopwatch.ts';
export { type Refused, refuseUnknown } from './unknown-inputs.ts';
export { type Withheld, withheld } from './withheld.ts';
export { capitalised } from './words/capitalised.ts';
export { counted } from './words/counted.ts';
export { distance } from './words/distance.ts';
