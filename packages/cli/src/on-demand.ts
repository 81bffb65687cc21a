/*
 * The parts of the command that contain the local cloud or act, three times the size of the rest. Import them only from here, so
 * that they end up in one bundled file, and only when they are needed: other commands and shell completion then start faster.
 */

export { serveCloud } from './cloud/process/serve.ts';
export { requestLine } from './cloud/request-line.ts';
export { deploy } from './deploy/deploy.ts';
export { runWorkflow } from './run/follow.ts';
