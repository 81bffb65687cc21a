import { styleText } from 'node:util';
import type { ActEvent } from '@gangway/act';

/** Lines of a step that are kept until it is known how it ends. */
const KEPT = 400;

/** Shows what act does: a line for each step; what a step printed where it fails, or always. */
export class Printer {
  readonly #verbose: boolean;
  readonly #kept = new Map<string, string[]>();
  /** What act said outside of steps: why a workflow could not be run at all. */
  readonly #errors: string[] = [];

  constructor(verbose: boolean) {
    this.#verbose = verbose;
  }

  event(event: ActEvent): void {
    const { msg = '', level, command, stage, step, stepID = [], stepResult, raw_output: printed } = event;
    if (stepResult && stage === 'Main' && step) {
      // The steps of a composite action are parts of one.
      if (stepID.length <= 1) this.#end(event);
      return;
    }
    const text = msg.trimEnd();
    // Commands that say nothing to a person, and what act says of its own caches.
    if (
      text === '' ||
      command === 'add-mask' ||
      /^LocalRepositoryCache|::(?:endgroup|stop-commands|[0-9a-f]{32})::/.test(text)
    )
      return;
    if (level === 'error' && !printed) this.#errors.push(text);
    if (!printed && command === undefined) return;
    const line = text.replace(/^.*::group::/, '▸ ').replace(/^\s*(?:❓|🚧|💬|❗)\s*(?:::\w+::)?/u, '');
    if (this.#verbose) console.log(`    ${line}`);
    else this.#keep(event, line);
  }

  /** What act said outside of steps. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  #keep(event: ActEvent, line: string): void {
    const key = keyOf(event);
    const lines = this.#kept.get(key) ?? [];
    lines.push(line);
    if (lines.length > KEPT) lines.shift();
    this.#kept.set(key, lines);
  }

  #end(event: ActEvent): void {
    const { job = '', step = '', stepResult, executionTime = 0 } = event;
    const failed = stepResult === 'failure';
    if (stepResult === 'skipped') return;
    const mark = failed ? color('red', '✗') : color('green', '✓');
    const seconds = executionTime / 1e9;
    const time = seconds >= 0.1 ? color('gray', `  ${seconds.toFixed(1)} s`) : '';
    console.log(`${mark} ${color('gray', `${job.replace(/^[^/]*\//, '').trim()} /`)} ${nameOf(step)}${time}`);
    if (failed) for (const line of this.#kept.get(keyOf(event)) ?? []) console.log(`    ${line}`);
    this.#kept.delete(keyOf(event));
  }
}

function keyOf({ job, step }: ActEvent): string {
  return `${job} ${step}`;
}

function nameOf(step: string): string {
  return step.replace(/^gangway-dev\/gangway\/actions\//, '');
}

function color(name: 'red' | 'green' | 'gray' | 'bold', text: string): string {
  return styleText(name, text, { stream: process.stdout });
}
