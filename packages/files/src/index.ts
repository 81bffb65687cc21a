export { FileError, type FileProblem } from './error.ts';
export { homeDirectory } from './home-directory.ts';
export { LIMITS } from './limits.ts';
export { readBytes } from './read-bytes.ts';
export { readText } from './read-text.ts';
