export { digestContext } from './context-digest.ts';
export { contextFilter } from './context-filter.ts';
export { NoKey } from './no-key.ts';
