export { argumentNames, type BuildOptions } from './arguments.ts';
export { DockerfileError } from './error.ts';
export { readIgnoreFile } from './ignore/ignore-file.ts';
export { createPathFilter, type Matched, type PathFilter } from './ignore/path-filter.ts';
export type { Instruction } from './instruction.ts';
export { type Dockerfile, parseDockerfile } from './parse.ts';
export type { Stage } from './stage.ts';
export { readStages, stagesFor } from './stages.ts';
