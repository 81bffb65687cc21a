import type { Values } from './arguments.ts';
import type { Instruction } from './instruction.ts';

/** A stage of a Dockerfile, with its variables filled in. */
export interface Stage extends Sources {
  readonly index: number;
  /** In lower case; undefined for one without a name. */
  readonly name: string | undefined;
  /** What it starts from: a stage before it, else an image, `scratch` or a named context. */
  readonly base: Stage | string;
  /** What `FROM --platform` asks for. */
  readonly platform: string | undefined;
  /** Line of its FROM. */
  readonly line: number;
  readonly instructions: readonly Instruction[];
}

/** What a stage takes from elsewhere, its base aside. */
export interface Sources {
  /** Stages that it copies from or mounts. */
  readonly stages: readonly Stage[];
  /** Images, or named contexts, that it copies from or mounts. */
  readonly images: readonly string[];
  /** Paths of the build context, as written, with variables filled in; undefined where one can't be told. */
  readonly paths: readonly (string | undefined)[];
  /** What ADD fetches without naming what it must be: URLs, and git repositories at no commit. */
  readonly remotes: readonly string[];
  /** ENV and ARG at the end of the stage, and its ONBUILD triggers, for the stages on top of it. */
  readonly environment: Environment;
  readonly triggers: readonly Instruction[];
}

interface Environment {
  readonly args: Values;
  readonly env: Values;
}

/** A stage by its index or, in any case, its name. */
export function findStage(stages: readonly Stage[], name: string): Stage | undefined {
  // A name that comes twice means the later stage.
  return /^\d+$/.test(name)
    ? stages[Number(name)]
    : stages.findLast((stage) => stage.name === name.toLowerCase());
}
