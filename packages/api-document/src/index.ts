/** What actions that take an OpenAPI document share: their inputs, and how they show what there is to say of it. */
export { annotate } from './annotate.ts';
export { readEmitOptions } from './emission.ts';
export { checkSpecPath, readSpecPath } from './spec-path.ts';
export { shown, workspace } from './workspace.ts';
