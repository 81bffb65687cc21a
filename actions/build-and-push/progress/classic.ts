import { stripVTControlCharacters } from 'node:util';
import type { BuildReport, BuildStep, ProgressReader } from './build-report.ts';
import { keepLine, lineSplitter } from './output-lines.ts';

interface Step {
  readonly stage: string;
  readonly instruction: string;
  readonly position: readonly [number, number];
  readonly started: number;
  ended: number | undefined;
  cached: boolean;
  readonly output: string[];
}

/**
 * Reads what the classic builder prints. It tells no times, so each instruction lasts until the next begins.
 *
 * @see https://github.com/moby/moby/blob/v20.10.24/builder/dockerfile/evaluator.go
 */
export function classicProgress(): ProgressReader {
  const steps: Step[] = [];
  let stages = 0;
  let stage = '';
  let reason: string | undefined;
  let line: number | undefined;
  const images = new Map<string, string>();

  let now = 0;
  const read = (raw: string) => {
    const text = stripVTControlCharacters(raw);
    const last = steps.at(-1);
    const [, index, count, instruction = ''] = /^Step (\d+)\/(\d+) : (.*)$/.exec(text) ?? [];
    const [, syntax] = /parse error (?:on )?line (\d+)/.exec(text) ?? [];
    const [, failed] = /^The command '.*' returned a non-zero code: (\d+)/.exec(text) ?? [];
    const [, image] = /^ ---> ([0-9a-f]{12,64})$/.exec(text) ?? [];
    // What an instruction made is what its stage is so far.
    if (image) images.set(stage.toLowerCase(), image);
    if (syntax) line = Number(syntax);
    if (index) {
      if (last) last.ended = now;
      if (/^FROM /i.test(instruction))
        stage = /\sAS\s+(\S+)\s*$/i.exec(instruction)?.[1] ?? `stage-${stages}`;
      if (/^FROM /i.test(instruction)) stages++;
      steps.push({
        stage,
        instruction,
        position: [Number(index), Number(count)],
        started: now,
        ended: undefined,
        cached: false,
        output: [],
      });
    } else if (failed) reason = `exit code: ${failed}`;
    else if (!last) return;
    else if (text === ' ---> Using cache') last.cached = true;
    else if (!/^( ---> |Removing intermediate container )/.test(text)) keepLine(last.output, text);
  };
  const lines = lineSplitter(read);
  return {
    take(text, at) {
      now = at;
      lines.add(text);
    },
    end(at): BuildReport {
      now = at;
      lines.end();
      const done = steps.map((step) => ({ ...step, milliseconds: (step.ended ?? now) - step.started }));
      const last = done.at(-1);
      const failure = last && { step: plain(last), reason: reason ?? '', output: last.output.join('\n') };
      return { steps: done.map(plain), checks: [], failure, line, images };
    },
  };
}

function plain({ stage, instruction, position, milliseconds, cached }: BuildStep): BuildStep {
  return { stage, instruction, position, milliseconds, cached };
}
