import { type BuildOptions, declarations, type Values } from './arguments.ts';
import { at, DockerfileError } from './error.ts';
import { expand, type Lookup } from './expand.ts';
import { flag, type Instruction, wordsOf } from './instruction.ts';
import { mountsOf } from './mounts.ts';
import type { Dockerfile } from './parse.ts';
import { findStage, type Sources, type Stage } from './stage.ts';

interface Surroundings {
  readonly dockerfile: Dockerfile;
  readonly globals: Values;
  readonly options: BuildOptions;
  readonly stages: readonly Stage[];
  readonly parent: Stage | string;
}

/** Goes through a stage, and notes what its COPY, ADD and RUN --mount take, those of its parent's ONBUILD first. */
export function readSources(instructions: readonly Instruction[], around: Surroundings): Sources {
  const parent = typeof around.parent === 'string' ? undefined : around.parent;
  const args = new Map(parent?.environment.args);
  const env = new Map(parent?.environment.env);
  const found = { stages: new Set<Stage>(), images: new Set<string>(), paths: [] as (string | undefined)[] };
  const remotes: string[] = [];
  const take = (from: string, line: number): void => {
    const stage = findStage(around.stages, from);
    if (/^\d+$/.test(from) && !stage)
      throw new DockerfileError(`there is no stage ${from} before this one`, line);
    if (stage) found.stages.add(stage);
    else found.images.add(from);
  };
  /** The word with its variables; undefined where one may come from the base image. */
  const fill = (text: string): string | undefined => {
    let known = true;
    const lookup: Lookup = (name) => {
      if (!env.has(name) && !args.has(name)) known = false;
      return env.get(name) ?? args.get(name);
    };
    const filled = expand(text, lookup, around.dockerfile.escaper);
    return known ? filled : undefined;
  };

  const steps: Record<string, (instruction: Instruction) => void> = {
    ARG: (instruction) => {
      for (const [name, value] of declarations(instruction, fill0(env, args), around.dockerfile.escaper))
        args.set(name, around.options.buildArgs?.[name] ?? value ?? around.globals.get(name));
    },
    ENV: (instruction) => {
      for (const [name, value] of declarations(instruction, fill0(env, args), around.dockerfile.escaper))
        env.set(name, value);
    },
    COPY: (instruction) => {
      const from = flag(instruction, 'from');
      if (from !== undefined) take(from, instruction.line);
      else found.paths.push(...locals(instruction).map(fill));
    },
    ADD: (instruction) => {
      const pinned = flag(instruction, 'checksum') !== undefined;
      for (const word of locals(instruction)) {
        const source = fill(word);
        const remote = isRemote(source ?? word);
        if (!remote && source !== undefined) found.paths.push(source);
        else if (!remote) found.paths.push(undefined);
        if (
          (remote && !pinned && !isCommit(source ?? word)) ||
          (source === undefined && word.startsWith('$'))
        )
          remotes.push(source ?? word);
      }
    },
    RUN: (instruction) => {
      for (const { type, from, source } of mountsOf(instruction)) {
        if (from) take(from, instruction.line);
        else if (type === 'bind') found.paths.push(fill(source));
      }
    },
  };
  for (const instruction of [...(parent?.triggers ?? []), ...instructions])
    at(instruction.line, () => steps[instruction.keyword]?.(instruction));
  return {
    stages: [...found.stages],
    images: [...found.images],
    paths: found.paths,
    remotes,
    environment: { args, env },
    triggers: instructions.flatMap(({ trigger }) => trigger ?? []),
  };
}

function fill0(env: Values, args: Values): Lookup {
  return (name) => env.get(name) ?? args.get(name);
}

/** The sources of a COPY or ADD that are no here-documents. */
function locals(instruction: Instruction): string[] {
  return wordsOf(instruction)
    .slice(0, -1)
    .filter((word) => instruction.heredocs.length === 0 || !/^\d*<</.test(word));
}

/** What ADD takes for a URL or a git repository (https://docs.docker.com/reference/dockerfile/#add). */
function isRemote(source: string): boolean {
  return /^(https?|ssh|git):\/\/|^git@|^[\w.-]+@[\w.-]+:|^github\.com\//i.test(source);
}

/** Whether a git repository is named at a commit, which is what it must hold. */
function isCommit(source: string): boolean {
  return /#[0-9a-f]{40}([0-9a-f]{24})?(:|$)/.test(source);
}
