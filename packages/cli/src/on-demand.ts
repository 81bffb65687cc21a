/*
 * What has the local cloud or act in it: three times the rest of the command. It is imported when it is needed, and by this
 * one door, which makes one file of it; a command that only asks, or completes a word, starts without it.
 */

export { serveCloud } from './cloud/process/serve.ts';
export { requestLine } from './cloud/request-line.ts';
export { deploy } from './deploy/deploy.ts';
export { runWorkflow } from './run/follow.ts';
