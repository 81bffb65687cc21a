import { type BuildOptions, globalArguments, type Values } from './arguments.ts';
import { at, DockerfileError } from './error.ts';
import { expand } from './expand.ts';
import { flag, type Instruction, wordsOf } from './instruction.ts';
import type { Dockerfile } from './parse.ts';
import { readSources } from './sources.ts';
import { findStage, type Stage } from './stage.ts';

/**
 * The stages of a Dockerfile, in order, and what each takes from others.
 *
 * @throws DockerfileError where BuildKit would refuse the file before it builds
 * @see https://docs.docker.com/build/building/multi-stage/
 */
export function readStages(dockerfile: Dockerfile, options: BuildOptions = {}): Stage[] {
  const globals = globalArguments(dockerfile, options);
  const stages: Stage[] = [];
  for (const instructions of split(dockerfile.instructions)) {
    stages.push(readStage(instructions, { dockerfile, globals, options, stages }));
  }
  if (stages.length === 0) throw new DockerfileError('dockerfile contains no stages to build');
  return stages;
}

/**
 * The stages that a build goes through, in the order of the file.
 *
 * @param target name or index of a stage; default is the last
 * @throws DockerfileError when there is no such stage
 */
export function stagesFor(stages: readonly Stage[], target?: string): Stage[] {
  const last = target ? findStage(stages, target) : stages.at(-1);
  if (!last) throw new DockerfileError(`target stage "${target}" could not be found`);
  const reached = new Set<Stage>();
  const visit = (stage: Stage): void => {
    if (reached.has(stage)) return;
    reached.add(stage);
    if (typeof stage.base !== 'string') visit(stage.base);
    stage.stages.forEach(visit);
  };
  visit(last);
  return stages.filter((stage) => reached.has(stage));
}

interface Surroundings {
  readonly dockerfile: Dockerfile;
  readonly globals: Values;
  readonly options: BuildOptions;
  /** Those before it. */
  readonly stages: readonly Stage[];
}

function readStage([from, ...rest]: readonly [Instruction, ...Instruction[]], around: Surroundings): Stage {
  const { dockerfile, globals, stages } = around;
  const [image = '', as = '', given, ...more] = wordsOf(from);
  if (!image || more.length > 0 || (as && (as.toLowerCase() !== 'as' || !given)))
    throw new DockerfileError('FROM requires either one or three arguments', from.line);
  const name = given?.toLowerCase();
  if (name !== undefined && !/^[a-z][a-z0-9-_.]*$/.test(name))
    throw new DockerfileError(`invalid name for build stage: "${given}"`, from.line);
  const fill = (text: string): string =>
    at(from.line, () => expand(text, (key) => globals.get(key), dockerfile.escaper));
  const base = fill(image);
  if (!base) throw new DockerfileError(`base name (${image}) should not be blank`, from.line);
  const platform = flag(from, 'platform');
  const parent = stages.findLast((stage) => stage.name === base.toLowerCase()) ?? base;
  return {
    index: stages.length,
    name,
    base: parent,
    platform: platform && fill(platform),
    line: from.line,
    instructions: rest,
    ...readSources(rest, { ...around, parent }),
  };
}

/** The instructions of each stage, from its FROM on. */
function split(instructions: readonly Instruction[]): [Instruction, ...Instruction[]][] {
  const stages: [Instruction, ...Instruction[]][] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') stages.push([instruction]);
    else stages.at(-1)?.push(instruction);
  }
  return stages;
}
