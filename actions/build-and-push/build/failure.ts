import { basename } from 'node:path';
import { ActionError, lastLines } from '@gangway/action';
import { DockerfileError, type Instruction, parseDockerfile } from '@gangway/dockerfile';
import { LIMITS, readText } from '@gangway/files';
import type { BuildReport, BuildStep } from '../progress/build-report.ts';
import { placeOf } from './checks.ts';

/** How much of what an instruction printed belongs into an error. */
const LINES = 12;

/**
 * The error for a build that failed: the instruction, its line in the Dockerfile, and the last lines that it printed.
 *
 * @param output all that the builder printed
 * @param file path of the Dockerfile
 */
export async function buildFailure(
  { failure, line }: BuildReport,
  output: string,
  file: string,
  exitCode: number,
): Promise<ActionError> {
  const at = line ?? (failure && lineOf(failure.step, readText(file, LIMITS.dockerfile, { lenient: true })));
  const where = at === undefined ? '' : ` at line ${at} of ${basename(file)}`;
  const said =
    exitCodeIn(failure?.reason) ?? (failure?.reason || reasonIn(output) || `exit code ${exitCode}`);
  const what = failure ? `, in ${shorten(failure.step.instruction)}` : '';
  const printed = failure ? lastLines(failure.output, LINES) : '';
  return new ActionError(`The build failed${where}${what}: ${said}${printed ? `\n${printed}` : ''}`, {
    ...cureOf(said, output),
    place: at === undefined ? undefined : placeOf(file, at),
  });
}

/** The line of the instruction that a step is, as builders that do not point at it count. */
function lineOf(
  { stage, instruction, position: [index, count] }: BuildStep,
  dockerfile: string,
): number | undefined {
  const all = inStages(dockerfile);
  const keyword = /^\w+/.exec(instruction)?.[0].toUpperCase();
  // The classic builder counts every instruction of the file; BuildKit those of a stage that make a layer, and the
  // base image where there is one.
  const named = stage.split(' ').at(-1)?.toLowerCase() || all.at(-1)?.stage;
  const layers = all.filter(
    ({ stage: inside, keyword: own }) => inside === named && ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(own),
  );
  const candidates = [layers[index - 1 - (count - layers.length)], all[index - 1]];
  return candidates.find((candidate) => candidate?.keyword === keyword)?.line;
}

/** The instructions of a Dockerfile with the names of their stages, as builders show them; none of one that can't be read. */
function inStages(dockerfile: string): (Instruction & { readonly stage: string })[] {
  let count = 0;
  let stage = '';
  try {
    return parseDockerfile(dockerfile).instructions.map((instruction) => {
      if (instruction.keyword === 'FROM') {
        stage = /\sAS\s+(\S+)\s*$/i.exec(instruction.text)?.[1]?.toLowerCase() ?? `stage-${count}`;
        count++;
      }
      return { ...instruction, stage };
    });
  } catch (error) {
    if (error instanceof DockerfileError) return [];
    throw error;
  }
}

/** The builder repeats the whole command before it says how that ended. */
function exitCodeIn(reason = ''): string | undefined {
  const [, code] =
    /^(?:process ".*" did not complete successfully|executor failed running \[.*\]|): ?(exit code: \d+)$/s.exec(
      reason,
    ) ?? [];
  return code ?? (/^exit code: \d+$/.test(reason) ? reason : undefined);
}

/** The builder's own last word, without the steps it names on the way. */
function reasonIn(output: string): string {
  const errors = output.match(
    /^(?:ERROR: |error: |Error response from daemon: )?.*(?:failed to|error|denied).*$/gim,
  );
  const last = errors?.at(-1) ?? lastLines(output, 1);
  return last
    .replace(/^(?:ERROR: |error: |Error response from daemon: )/i, '')
    .replace(/^(?:failed to build: )?failed to solve(?: with frontend dockerfile\.v0)?: /, '')
    .replace(/^failed to (?:create LLB definition|read dockerfile): /, '');
}

function shorten(instruction: string): string {
  const text = instruction.replace(/\s+/g, ' ');
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/**
 * What can be done about failures that are not the Dockerfile's.
 *
 * @param said by the builder itself; what instructions print may be about other engines and networks
 */
function cureOf(said: string, output: string): { code: string; hint?: string } {
  const permission = /Permission "([\w.]+)"/.exec(said)?.[1];
  if (permission) {
    const role = 'roles/artifactregistry.reader';
    const hint = `grant the account that deploys a role with ${permission}, such as ${role}, on the repository of the base image`;
    return { code: 'base-image', hint };
  }
  if (/no space left on device|disk quota exceeded/i.test(output)) {
    return {
      code: 'disk-full',
      hint: 'free space on the builder\'s disk: see it with "docker system df", free it with "docker builder prune", or use a larger runner',
    };
  }
  if (ENGINE_GONE.test(said)) {
    return {
      code: 'docker-engine',
      hint: 'the engine or builder stopped while it built: look at its log, then run the job again',
    };
  }
  return { code: 'build-failed' };
}

const ENGINE_GONE =
  /Cannot connect to the Docker daemon|error during connect|^(unexpected )?EOF|code = Unavailable|transport is closing|closing transport|error reading from server/i;
