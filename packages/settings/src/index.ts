/** Settings of what an action deploys: how inputs write them, how they are merged with what is there, and how they differ. */
export { type Change, diff, diffLines } from './diff.ts';
export { inWorkspace } from './in-workspace.ts';
export { checkLabels } from './labels.ts';
export { type Json, normal } from './normal.ts';
export { emptiable, merged, type Pairs, STRATEGIES, type Strategy } from './pairs.ts';
export { type Question, readQuestion } from './question.ts';
export { readSecretReferences, type SecretReference } from './secret-references.ts';
export { shaped, word } from './shaped.ts';
