export { argumentNames, type BuildOptions } from './arguments.ts';
export { DockerfileError } from './error.ts';
export { readIgnoreFile } from './ignore-file.ts';
export type { Instruction } from './instruction.ts';
export { type Dockerfile, parseDockerfile } from './parse.ts';
export { createPathFilter, type Matched, type PathFilter } from './path-filter.ts';
export type { Stage } from './stage.ts';
export { readStages, stagesFor } from './stages.ts';
