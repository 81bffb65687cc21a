export { baseImages, buildStages } from './build-stages.ts';
export { digestContext } from './context-digest.ts';
export { contextFilter } from './context-filter.ts';
export { asNoKey, NoKey, whyBuilding } from './no-key.ts';
