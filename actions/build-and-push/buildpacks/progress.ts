import type { BuildStep } from '../progress/build-report.ts';
import { keepLine, lineSplitter } from '../progress/output-lines.ts';

/** What pack said about its work. */
export interface PackReport {
  /** The phases that it went through, with their times. */
  readonly steps: readonly BuildStep[];
  /** The last phase that began, as pack writes it: `DETECTING`. */
  readonly phase: string | undefined;
  /** The buildpacks that take part, `ID VERSION`. */
  readonly buildpacks: readonly string[];
  /** The last lines of the last phase. */
  readonly output: string;
}

/** Reads what pack prints as it comes, without colours and time stamps. */
export function packProgress(): { take(text: string, now: number): void; end(now: number): PackReport } {
  const phases: { name: string; started: number; ended: number }[] = [];
  const buildpacks: string[] = [];
  let output: string[] = [];
  let latest = 0;
  const lines = lineSplitter((printed) => {
    // Where each phase has a container of its own, pack writes before its lines which it is.
    const line = printed.replace(/^\[[a-z]+(?: \([\w-]+\))?\] /, '');
    const [, name] = /^===> ([A-Z][A-Z ()]*)$/.exec(line.trim()) ?? [];
    if (name) {
      const last = phases.at(-1);
      if (last) last.ended = latest;
      phases.push({ name, started: latest, ended: latest });
      output = [];
      return;
    }
    keepLine(output, line);
    if (phases.at(-1)?.name !== 'DETECTING') return;
    const [, id, version] = /^([\w.-]+(?:\/[\w./-]+)?)\s+(\d[\w.+-]*)$/.exec(line.trim()) ?? [];
    if (id && version) buildpacks.push(`${id} ${version}`);
  });
  return {
    take(text, now) {
      latest = now;
      lines.add(text);
    },
    end(now) {
      latest = now;
      lines.end();
      const last = phases.at(-1);
      if (last) last.ended = now;
      return {
        steps: phases.map(({ name, started, ended }, index) => ({
          stage: name.toLowerCase(),
          instruction: name,
          position: [index + 1, phases.length],
          milliseconds: ended - started,
          cached: false,
        })),
        phase: last?.name,
        buildpacks,
        output: output.join('\n'),
      };
    },
  };
}
