import { runAction, type StepResult } from '@gangway/runner';
import { readableMarkdown } from './markdown.ts';
import { example, type Outputs, type PipelineStep } from './pipeline.ts';
import type { Terminal } from './terminal.ts';

/** A step that ended with anything but 0. */
export class StepFailure extends Error {
  readonly log: string;

  constructor(step: PipelineStep, result: StepResult) {
    super(`${step.name} (actions/${step.action}) ended with exit code ${result.exitCode}.`);
    this.log = result.log;
  }
}

export interface Deployment {
  readonly outputs: Outputs;
  /** Names of the steps that changed something. */
  readonly changed: readonly string[];
}

export interface Job {
  readonly steps: readonly PipelineStep[];
  readonly env: Readonly<Record<string, string>>;
  /** RUNNER_TEMP of the job. */
  readonly temp: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Runs the steps one after another as a job does, then their post scripts in reverse. Throws a StepFailure. */
export async function deploy({ steps, env, temp, terminal, signal }: Job): Promise<Deployment> {
  const outputs: Record<string, Readonly<Record<string, string>>> = {};
  const ran: StepResult[] = [];
  const changed: string[] = [];
  try {
    for (const step of steps) {
      signal.throwIfAborted();
      const result = await terminal.step(step.name, async (progress) => {
        const options = {
          action: step.action,
          inputs: step.inputs(outputs),
          env,
          workspace: example,
          temp,
          signal,
        };
        const onLine = process.stdout.isTTY ? progress : undefined;
        const done = await runAction({ ...options, ...(onLine && { onLine }) });
        ran.push(done);
        signal.throwIfAborted();
        if (done.exitCode !== 0) throw new StepFailure(step, done);
        return { value: done, result: step.result(done.outputs) };
      });
      outputs[step.id] = result.outputs;
      if (step.changed(result.outputs)) changed.push(step.name);
      terminal.details(readableMarkdown(result.summary).slice(1).filter(Boolean));
    }
    return { outputs, changed };
  } finally {
    for (const result of ran.reverse()) await result.post();
  }
}
